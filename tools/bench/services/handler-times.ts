import { LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';

/** Calls that handlers have served, by full method name: how many took at most so long. */
export type HandlerTimes = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** What a method's handler took, in milliseconds; each within the bucket that it lies in. */
export interface HandlerDurations {
  readonly calls: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Reads the histograms of served calls in the metrics of some replicas. */
export function handlerTimes(pages: readonly string[]): HandlerTimes {
  const times = new Map<string, Map<number, number>>();
  for (const page of pages) {
    for (const { method, bound, count } of bucketsOf(page)) {
      const buckets = times.get(method) ?? new Map<number, number>();
      times.set(method, buckets.set(bound, (buckets.get(bound) ?? 0) + count));
    }
  }
  return times;
}

const BUCKET = new RegExp(`^${METRICS.rpcServerCallDuration}_bucket\\{(.*)\\} (\\S+)$`, 'gm');
const LABEL = /(\w+)="([^"]*)"/g;

/** Of calls that succeeded. Source: Prometheus, "Text-based format". */
function* bucketsOf(
  page: string,
): Iterable<{ readonly method: string; readonly bound: number; readonly count: number }> {
  for (const [, labels = '', count] of page.matchAll(BUCKET)) {
    const of = new Map([...labels.matchAll(LABEL)].map(([, name, value]) => [name, value]));
    if (of.get(LABELS.rpcStatusCode) !== 'OK') continue;
    const bound = of.get('le') === '+Inf' ? Number.POSITIVE_INFINITY : Number(of.get('le'));
    yield { method: of.get(LABELS.rpcMethod) ?? '', bound, count: Number(count) };
  }
}

/** What handlers took between two looks, by method; those that served nothing are left out. */
export function durationsBetween(
  before: HandlerTimes,
  after: HandlerTimes,
): ReadonlyMap<string, HandlerDurations> {
  return new Map(
    [...after].flatMap(([method, buckets]) => {
      const counts = [...buckets]
        .map(([bound, count]) => ({ bound, count: count - (before.get(method)?.get(bound) ?? 0) }))
        .sort((one, other) => one.bound - other.bound);
      const calls = counts.at(-1)?.count ?? 0;
      if (calls <= 0) return [];
      const at = (share: number): number => quantile(counts, share * calls) * 1e3;
      return [[method, { calls, p50: at(0.5), p95: at(0.95), p99: at(0.99) }]];
    }),
  );
}

/**
 * The value at a rank, by linear interpolation within its bucket, and the largest bound for what lies above
 * it. Source: Prometheus, "histogram_quantile()".
 */
function quantile(
  buckets: readonly { readonly bound: number; readonly count: number }[],
  rank: number,
): number {
  let below = { bound: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= rank) {
      if (bucket.bound === Number.POSITIVE_INFINITY) return below.bound;
      const share = (rank - below.count) / (bucket.count - below.count);
      return below.bound + share * (bucket.bound - below.bound);
    }
    below = bucket;
  }
  return below.bound;
}
