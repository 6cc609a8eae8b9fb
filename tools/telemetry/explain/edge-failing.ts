import type { DeclaredEdge } from './declared-edges.ts';
import type { SeenEdge } from './edge-answers.ts';
import { WINDOW } from './edge-queries.ts';
import type { EdgeView } from './edge-view.ts';
import { shareInterval } from './intervals.ts';

/** So many at least, and more than this share with a confidence of 99 %, make an edge fail. */
const FAILURES_MIN = 3;
const SHARE_MAX = 0.01;

type Fails = Pick<EdgeView, 'failing' | 'operation' | 'failingShare'>;

const WELL: Fails = { failing: null, operation: null, failingShare: 0 };

/**
 * How an edge fails: by errors of one of its operations, which are counted as for objectives, or since more of its good
 * calls than one in a hundred take longer than is promised, or its events wait for longer.
 */
export function howItFails(
  { kind, limitSeconds }: DeclaredEdge,
  seen: SeenEdge | undefined,
): Fails {
  if (seen === undefined) return WELL;
  const [worst] = [...seen.operations]
    .map(([operation, { rate, failed }]) => ({ operation, share: shareOf(failed, rate) }))
    .toSorted((one, other) => other.share - one.share);
  if (worst !== undefined && worst.share > 0) {
    const operation = worst.operation === '' ? null : worst.operation;
    return { failing: 'errors', operation, failingShare: worst.share };
  }
  const slow = { failing: 'slow', operation: null } as const;
  if (kind === 'publish' || kind === 'consume') {
    return (seen.slowest ?? 0) > limitSeconds ? { ...slow, failingShare: 1 } : WELL;
  }
  const share = slowShare(seen, limitSeconds);
  return share > 0 ? { ...slow, failingShare: share } : WELL;
}

/** Of good calls a second by bound, the share that took longer than a limit; 0 where that is not sure. */
function slowShare({ within }: SeenEdge, limitSeconds: number): number {
  const [, all = 0] = within.at(-1) ?? [];
  const [, quick = all] = within.find(([bound]) => bound >= limitSeconds) ?? [];
  return shareOf(all - quick, all);
}

/** The share that fails at least; 0 where it may be chance. */
function shareOf(failedPerSecond: number, perSecond: number): number {
  const failed = Math.round(failedPerSecond * WINDOW.seconds);
  const all = Math.round(perSecond * WINDOW.seconds);
  if (failed < FAILURES_MIN) return 0;
  const { low } = shareInterval(failed, all);
  return low > SHARE_MAX ? low : 0;
}
