import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import type { Finding } from '../finding.ts';
import type { JudgedFinding } from '../stack-review.ts';
import { canonicalDigest } from './canonical-digest.ts';
import { operationsOf } from './planned-operation.ts';

/** What whoever approves a change has approved. */
export interface Approvable {
  readonly stack: string;
  /** Of the head over what the base deployed. */
  readonly steps: readonly StepMetadata[];
  /** Of the head from nothing, with every output unknown. */
  readonly fromNothing: readonly StepMetadata[];
  /** What the change does to the graph. */
  readonly graphFindings: readonly Finding[];
  /** All that the review tells. */
  readonly verdicts: readonly JudgedFinding[];
}

/** Of which shape the digested value is: another one makes every digest another. */
const SCHEMA_VERSION = 1;

/**
 * The digest of a review: equal for all who review the same change of the same base, and another one if anything that
 * matters differs. Commits, lines, words, times and where the program lies do not count.
 */
export function digestOf(approvable: Approvable): string {
  const { stack, steps, fromNothing, graphFindings, verdicts } = approvable;
  return canonicalDigest({
    schemaVersion: SCHEMA_VERSION,
    stack,
    // Inputs count by their digest.
    operations: operationsOf(steps, fromNothing).map((operation) => ({
      ...operation,
      inputs: undefined,
    })),
    graph: sorted(graphFindings.map(essenceOf)),
    verdicts: sorted(verdicts.map((verdict) => ({ level: verdict.level, ...essenceOf(verdict) }))),
  });
}

/** What a finding says, without where it stands and in which words. */
function essenceOf({ kind, subject, property, before, after, follows }: Finding) {
  return {
    kind,
    subject,
    ...(property === undefined ? {} : { property }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(follows === undefined ? {} : { follows }),
  };
}

function sorted<Value>(values: readonly Value[]): readonly Value[] {
  const keyed = values.map((value) => [canonicalDigest(value), value] as const);
  return keyed.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
}
