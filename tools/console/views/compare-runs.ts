import {
  isApart,
  quantileInterval,
  shareInterval,
  valuesNeeded,
} from '../../telemetry/explain/intervals.ts';
import type { Interval } from '../../telemetry/explain/intervals.ts';
import { BOUNDS } from './run-summary.ts';
import type { RunEdge, RunSummary, SlowTrace } from './run-summary.ts';

/** What of an edge is held against what it was. */
export const MEASURES = ['errors', 'p50', 'p99'] as const;
export type Measure = (typeof MEASURES)[number];

const QUANTILES = { p50: 0.5, p99: 0.99 } as const;

/** A share, or seconds. */
export interface Difference {
  readonly edge: Pick<RunEdge, 'id' | 'from' | 'to' | 'operation'>;
  readonly measure: Measure;
  readonly before: Interval;
  readonly after: Interval;
  readonly isWorse: boolean;
  /** At least so many times as much, or as little; Infinity where nothing was before. */
  readonly factor: number;
  /** A trace of each run; null where none was kept. */
  readonly traces: { readonly before: SlowTrace | null; readonly after: SlowTrace | null };
}

/** An edge of which too little is known. */
export interface TooFew {
  readonly edge: Difference['edge'];
  readonly measure: Measure;
  readonly calls: { readonly before: number; readonly after: number };
  readonly needed: number;
}

/** What did my change do? */
export interface Comparison {
  readonly before: Pick<RunSummary, 'id' | 'endedMs' | 'changed'>;
  readonly after: Pick<RunSummary, 'id' | 'endedMs' | 'changed'>;
  /** The worst first, then what is better. */
  readonly differences: readonly Difference[];
  /** How many comparisons showed no difference. */
  readonly alike: number;
  readonly tooFew: readonly TooFew[];
  /** Edges with calls in one of both only. */
  readonly onlyBefore: readonly Difference['edge'][];
  readonly onlyAfter: readonly Difference['edge'][];
}

/** Holds two runs against each other: only what differs with confidence is listed. */
export function compareRuns(before: RunSummary, after: RunSummary): Comparison {
  const earlier = new Map(before.edges.map((edge) => [edge.id, edge]));
  const later = new Map(after.edges.map((edge) => [edge.id, edge]));
  const compared = after.edges.flatMap((edge) => {
    const was = earlier.get(edge.id);
    return was === undefined ? [] : MEASURES.map((measure) => compare(measure, was, edge));
  });
  const differences = compared.flatMap(({ difference }) => difference ?? []);
  const tooFew = compared.flatMap((each) => each.tooFew ?? []);
  return {
    before: headOf(before),
    after: headOf(after),
    differences: differences.toSorted(
      (one, other) => Number(other.isWorse) - Number(one.isWorse) || other.factor - one.factor,
    ),
    alike: compared.length - differences.length - tooFew.length,
    tooFew,
    onlyBefore: before.edges.filter(({ id }) => !later.has(id)).map(named),
    onlyAfter: after.edges.filter(({ id }) => !earlier.has(id)).map(named),
  };
}

function headOf({ id, endedMs, changed }: RunSummary): Comparison['before'] {
  return { id, endedMs, changed };
}

function named({ id, from, to, operation }: RunEdge): Difference['edge'] {
  return { id, from, to, operation };
}

function compare(
  measure: Measure,
  was: RunEdge,
  is: RunEdge,
): { readonly difference?: Difference; readonly tooFew?: TooFew } {
  const before = intervalOf(measure, was);
  const after = intervalOf(measure, is);
  if (before === undefined || after === undefined) {
    const calls = { before: goodCalls(was), after: goodCalls(is) };
    return { tooFew: { edge: named(is), measure, calls, needed: neededFor(measure) } };
  }
  if (!isApart(before, after)) return {};
  const isWorse = after.low >= before.high;
  const [less, more] = isWorse ? [before, after] : [after, before];
  const traces = { before: was.traces[0] ?? null, after: is.traces[0] ?? null };
  const factor = less.high === 0 ? Infinity : more.low / less.high;
  return { difference: { edge: named(is), measure, before, after, isWorse, factor, traces } };
}

/** Fewer calls than these tell nothing of a share: their interval is half of all that it can be. */
const CALLS_MIN = 10;

function neededFor(measure: Measure): number {
  return measure === 'errors' ? CALLS_MIN : valuesNeeded(QUANTILES[measure]);
}

function intervalOf(measure: Measure, edge: RunEdge): Interval | undefined {
  const calls = Math.round(edge.calls);
  if (measure !== 'errors') {
    const counts = edge.counts.map(Math.round);
    return quantileInterval({ bounds: BOUNDS, counts }, QUANTILES[measure]);
  }
  return calls < CALLS_MIN ? undefined : shareInterval(Math.round(edge.errors), calls);
}

function goodCalls({ counts }: RunEdge): number {
  return Math.round(counts.reduce((sum, count) => sum + count, 0));
}
