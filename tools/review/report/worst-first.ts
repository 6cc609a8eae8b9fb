import { LEVELS } from '@meridian/policies/severity.ts';
import type { Level } from '@meridian/policies/severity.ts';
import { isReviewed } from '../stack-review.ts';
import type { JudgedFinding, ReviewResult } from '../stack-review.ts';
import { levelOf } from './level-of.ts';

/** Findings by their level, each in the order in which they were given. */
export type ByLevel = Readonly<Record<Level, readonly JudgedFinding[]>>;

/** A review's findings by what they are told as. */
export function byLevel(findings: readonly JudgedFinding[]): ByLevel {
  const levels = Map.groupBy(findings, levelOf);
  const of = (level: Level): readonly JudgedFinding[] => levels.get(level) ?? [];
  return { danger: of('danger'), check: of('check'), note: of('note') };
}

/** Stacks in the order in which people need them: what could not be reviewed, then by dangers, checks and notes. */
export function worstFirst(results: readonly ReviewResult[]): readonly ReviewResult[] {
  const ranked = results.map((result) => ({ result, rank: rankOf(result) }));
  return ranked.toSorted(compared).map(({ result }) => result);
}

interface Ranked {
  readonly result: ReviewResult;
  readonly rank: readonly number[];
}

function rankOf(result: ReviewResult): readonly number[] {
  if (!isReviewed(result)) return LEVELS.map(() => Infinity);
  const found = byLevel(result.findings);
  return LEVELS.map((level) => found[level].length);
}

function compared(left: Ranked, right: Ranked): number {
  const index = left.rank.findIndex((count, at) => count !== right.rank[at]);
  if (index !== -1) return (right.rank[index] ?? 0) > (left.rank[index] ?? 0) ? 1 : -1;
  // By code units, so that the order is the same in every locale.
  return left.result.stack < right.result.stack ? -1 : 1;
}
