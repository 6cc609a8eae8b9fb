import { CodedError } from '@meridian/language/coded-error.ts';
import { z } from 'zod';
import { askGitHub, GitHubRefusal, rowsOf } from './github-api.ts';
import type { GitHubAccess } from './github-api.ts';

/** The first line of the comment: GitHub shows nothing of it. */
export const COMMENT_MARK = '<!-- meridian review -->';

/** As whom GitHub shows what a workflow writes. */
const WRITER = 'github-actions[bot]';

const comment = z.object({
  id: z.int(),
  body: z.string().nullish(),
  user: z.object({ login: z.string(), type: z.string() }).nullable(),
});

/** A comment that goes away while it is written to, or may have been written, is looked for this often. */
const TRIES = 3;

/** What came of it. */
export type Written = 'written' | 'updated';

/**
 * Keeps one comment of a pull request: writes over the one that has the mark and is a workflow's own, or writes it.
 * Whoever else writes the mark is left alone.
 *
 * @throws {CodedError} GITHUB_REFUSED, GITHUB_UNREACHABLE
 */
export async function writeComment(
  access: GitHubAccess,
  issue: { readonly repository: string; readonly number: number },
  body: string,
): Promise<Written> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writeOnce(access, issue, body);
    } catch (error) {
      if (attempt === TRIES || !mayBeTriedAgain(error)) throw error;
      await access.wait(1_000 * attempt);
    }
  }
}

async function writeOnce(
  access: GitHubAccess,
  { repository, number }: { readonly repository: string; readonly number: number },
  body: string,
): Promise<Written> {
  const path = `/repos/${repository}/issues`;
  const id = await ownComment(access, `${path}/${number}/comments?per_page=100`);
  if (id === undefined) {
    await askGitHub(access, { method: 'POST', path: `${path}/${number}/comments`, body: { body } });
    return 'written';
  }
  await askGitHub(access, { method: 'PATCH', path: `${path}/comments/${id}`, body: { body } });
  return 'updated';
}

async function ownComment(access: GitHubAccess, path: string): Promise<number | undefined> {
  for await (const row of rowsOf(access, path)) {
    const { id, body, user } = comment.parse(row);
    const isOwn = user?.login === WRITER && user.type === 'Bot';
    if (isOwn && (body ?? '').startsWith(COMMENT_MARK)) return id;
  }
  return undefined;
}

/** The comment was deleted after it was found, or GitHub did not say whether it wrote it. */
function mayBeTriedAgain(error: unknown): boolean {
  if (error instanceof GitHubRefusal) return error.status === 404;
  return error instanceof CodedError && error.code === 'GITHUB_UNREACHABLE';
}
