import { CodedError } from '@meridian/language/coded-error.ts';
import { z } from 'zod';
import { ARTIFACT_BYTES, ARTIFACT_NAME } from './artifact-limits.ts';
import { askForJson, askGitHub, troubleOf } from './github-api.ts';
import type { GitHubAccess } from './github-api.ts';
import type { WorkflowRun } from './workflow-run.ts';
import { refused } from './zip-file.ts';

const artifacts = z.object({
  artifacts: z.array(
    z.object({ id: z.int(), name: z.string(), size_in_bytes: z.int(), expired: z.boolean() }),
  ),
});

/**
 * The archive that a run uploaded, if it did; the newest, where it was run again.
 *
 * @throws {CodedError} REVIEW_ARTIFACT_REFUSED where it is too large, GITHUB_REFUSED, GITHUB_UNREACHABLE
 */
export async function downloadArtifact(
  access: GitHubAccess,
  { repository, id }: WorkflowRun,
): Promise<Buffer | undefined> {
  const list = artifacts.parse(
    await askForJson(access, {
      path: `/repos/${repository}/actions/runs/${id}/artifacts?name=${ARTIFACT_NAME}&per_page=100`,
    }),
  );
  const [newest] = list.artifacts
    .filter(({ name, expired }) => name === ARTIFACT_NAME && !expired)
    .toSorted((left, right) => right.id - left.id);
  if (newest === undefined) return undefined;
  if (newest.size_in_bytes > ARTIFACT_BYTES) throw tooLarge(`${newest.size_in_bytes}`);
  const answer = await askGitHub(access, {
    path: `/repos/${repository}/actions/artifacts/${newest.id}/zip`,
  });
  return await bytesOf(answer.status === 302 ? await follow(access, answer) : answer);
}

/** Artifacts lie with another host, which gets no token; its address has a signature of its own. */
async function follow({ url }: GitHubAccess, answer: Response): Promise<Response> {
  const place = new URL(answer.headers.get('location') ?? '', url);
  if (place.protocol !== 'https:' && place.protocol !== new URL(url).protocol) {
    throw new CodedError('GITHUB_REFUSED', 'Artifact: must lie at an https address, got another');
  }
  try {
    const found = await fetch(place, { redirect: 'error', signal: AbortSignal.timeout(60_000) });
    if (found.ok) return found;
    throw new Error(`answers ${found.status}`);
  } catch (error) {
    // Without the address: whoever has it can read the artifact.
    throw new CodedError('GITHUB_UNREACHABLE', `Artifact of the review: ${troubleOf(error)}`);
  }
}

async function bytesOf(answer: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > ARTIFACT_BYTES) throw tooLarge('more');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLarge(got: string): CodedError {
  return refused(`must have at most ${ARTIFACT_BYTES} bytes, got ${got}`);
}
