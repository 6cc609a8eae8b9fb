import { CodedError } from '@meridian/language/coded-error.ts';
import { WORKTREE } from './trees/lay-out-tree.ts';

/** Which two revisions are held against each other. */
export interface ReviewRange {
  readonly base: string;
  /** A revision, or WORKTREE. */
  readonly head: string;
}

/**
 * Reads '<base>..<head>', as git writes it.
 *
 * @throws {CodedError} REVIEW_RANGE_INVALID
 */
export function reviewRange(given: string): ReviewRange {
  const [base = '', head = '', ...more] = given.split('..');
  const isPlain = [base, head].every((revision) => revision !== '' && !revision.startsWith('-'));
  // Three points are git's way to ask for the base of a merge, which is another revision.
  if (isPlain && more.length === 0 && !head.startsWith('.') && base !== WORKTREE) {
    return { base, head };
  }
  throw new CodedError(
    'REVIEW_RANGE_INVALID',
    `Revisions '${given}': must be <base>..<head>, such as main..${WORKTREE}, with a head that may be ${WORKTREE}, got '${given}'; for the point at which a branch left main give $(git merge-base main HEAD)..HEAD`,
  );
}
