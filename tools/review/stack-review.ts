import type { Level } from '@meridian/policies/severity.ts';
import type { Finding, Position } from './finding.ts';

/** How many resources a change leaves as they are, and how many it does not. */
export interface ResourceTotals {
  readonly replaced: number;
  readonly changed: number;
  readonly new: number;
  readonly deleted: number;
  readonly same: number;
}

/** A finding with its level. */
export interface JudgedFinding extends Finding {
  readonly level: Level;
}

/** What a review of one stack found: plain JSON, equal for two who review the same two revisions. */
export interface StackReview {
  readonly schemaVersion: 1;
  readonly stack: string;
  /** Commits; the head may be 'WORKTREE'. */
  readonly base: string;
  readonly head: string;
  /** The revision whose tool, rules and tables judged. */
  readonly judge: string;
  /** By which `up --approved` knows what was approved, 'sha256:…'; absent where two runs of the program differ. */
  readonly digest?: string;
  readonly totals: ResourceTotals;
  /** Dangers first, then checks, then notes; within a level by kind and subject. */
  readonly findings: readonly JudgedFinding[];
  /** Problems of rules that the base has already, by rule. */
  readonly olderViolations: Readonly<Record<string, number>>;
  /** Alerts that are known on both sides. */
  readonly alerts: { readonly loosened: number; readonly blind: number; readonly lost: number };
  /** What was not looked at, and why, such as 'COST: no prices'. */
  readonly notAssessed: readonly string[];
  /** Whether the graphs and, after aliases, all resources are equal. */
  readonly isSame: boolean;
}

/** Why a stack could not be reviewed: never a green report. */
export interface FailedReview {
  readonly stack: string;
  /** Such as 'HEAD_NOT_BUILT'. */
  readonly code: string;
  readonly message: string;
  /** Of the first error, where it is one of a file. */
  readonly at?: Position;
}

/** What came of looking at a stack. */
export type ReviewResult = StackReview | FailedReview;

/** Whether a stack was reviewed; else nothing is known of it. */
export function isReviewed(result: ReviewResult): result is StackReview {
  return 'findings' in result;
}
