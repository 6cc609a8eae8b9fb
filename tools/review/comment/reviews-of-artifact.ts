import { SEVERITIES } from '@meridian/policies/severity.ts';
import type { ChangeKind } from '@meridian/policies/severity.ts';
import { z } from 'zod';
import { review } from '../../meridian/output/review-schema.ts';
import type { ReviewResult } from '../stack-review.ts';
import { ARTIFACT_BYTES, ARTIFACT_FILE } from './artifact-limits.ts';
import { fileOfZip, refused } from './zip-file.ts';

/**
 * The reviews of an artifact, which are believed to be of the right form and nothing else: a kind that the table
 * does not have is unknown, and its level follows from the table.
 *
 * @throws {CodedError} REVIEW_ARTIFACT_REFUSED
 */
export async function reviewsOfArtifact(zip: Buffer): Promise<readonly ReviewResult[]> {
  if (zip.length > ARTIFACT_BYTES) {
    throw refused(`must have at most ${ARTIFACT_BYTES} bytes, got ${zip.length}`);
  }
  const parsed = review.safeParse(jsonOf(await fileOfZip(zip, ARTIFACT_FILE)));
  if (!parsed.success) {
    const { issues } = parsed.error;
    const where = issues.slice(0, 3).map(({ path }) => z.core.toDotPath(path));
    throw refused(`must be as docs/schemas/review.schema.json has it, got ${where.join(', ')}`);
  }
  const { reviews } = parsed.data;
  if (reviews.length === 0) throw refused('must tell of a stack, got none');
  return reviews.map((each) =>
    'findings' in each
      ? { ...each, findings: each.findings.map((found) => ({ ...found, kind: kindOf(found) })) }
      : each,
  );
}

function jsonOf(file: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file));
  } catch (error) {
    throw refused(`must have JSON in ${ARTIFACT_FILE}, got something else`, { cause: error });
  }
}

function kindOf({ kind }: { readonly kind: string }): ChangeKind {
  return Object.hasOwn(SEVERITIES, kind) ? (kind as ChangeKind) : 'unknown-change';
}
