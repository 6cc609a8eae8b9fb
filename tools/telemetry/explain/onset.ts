import type { Series } from '../stores/prometheus.ts';

/**
 * When what holds now began to hold without a break, in milliseconds since 1970; null if it held all the time, or
 * does not now. A point that is missing breaks nothing: a scrape may be late.
 */
export function onset(series: readonly Series[], holds: (value: number) => boolean): number | null {
  const points = series.flatMap((each) => each.points).toSorted(([one], [other]) => one - other);
  const last = points.at(-1);
  if (last === undefined || !holds(last[1])) return null;
  const before = points.findLastIndex(([, value]) => !holds(value));
  const first = points[before + 1];
  return before === -1 || first === undefined ? null : first[0] * 1_000;
}
