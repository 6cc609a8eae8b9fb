/** Where a figure lies, with a confidence of 99 %; `low` is included in it, and so is `high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The two-sided quantile of the normal distribution for 99 %. Two intervals that do not overlap differ by chance in
 * some 3 of 10,000 comparisons: a run has some hundred of them, and 95 % would show one of chance in each.
 */
const Z = 2.575829;

/**
 * Wilson's score interval of a share. Source: E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference" (1927); advised for few events by Brown, Cai and DasGupta, "Interval Estimation for a
 * Binomial Proportion" (2001).
 */
export function shareInterval(events: number, all: number): Interval {
  if (all <= 0) return { low: 0, high: 1 };
  const share = Math.min(1, Math.max(0, events / all));
  const square = Z * Z;
  const denominator = 1 + square / all;
  const centre = (share + square / (2 * all)) / denominator;
  const half =
    (Z / denominator) * Math.sqrt((share * (1 - share)) / all + square / (4 * all * all));
  // At the ends rounding would leave a share of a billionth that nobody saw.
  return {
    low: events <= 0 ? 0 : Math.max(0, centre - half),
    high: events >= all ? 1 : Math.min(1, centre + half),
  };
}

/** A histogram as counts that are not added up: of each bound, what is above the one before it. */
export interface Histogram {
  /** Seconds, ascending; the last is Infinity. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/**
 * The interval of a quantile by order statistics, which assumes nothing of how durations are spread: it lies
 * between the values at two ranks, which are binomially distributed. Of these values the histogram tells the buckets, so
 * it begins at the lower bound of the one and ends at the upper of the other. Undefined where there are too few
 * values for the upper rank to exist. Source: Hahn and Meeker, "Statistical Intervals" (1991), section 5.2.
 */
export function quantileInterval(
  { bounds, counts }: Histogram,
  quantile: number,
): Interval | undefined {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const half = Z * Math.sqrt(all * quantile * (1 - quantile));
  const lower = Math.floor(all * quantile - half);
  const upper = Math.ceil(all * quantile + half) + 1;
  if (lower < 1 || upper > all) return undefined;
  const first = bucketOf(counts, lower);
  return { low: bounds[first - 1] ?? 0, high: bounds[bucketOf(counts, upper)] ?? Infinity };
}

/** How many values a quantile needs at least before its interval exists. */
export function valuesNeeded(quantile: number): number {
  const fits = (all: number): boolean =>
    Math.ceil(all * quantile + Z * Math.sqrt(all * quantile * (1 - quantile))) + 1 <= all &&
    Math.floor(all * quantile - Z * Math.sqrt(all * quantile * (1 - quantile))) >= 1;
  let all = 1;
  while (!fits(all)) all += 1;
  return all;
}

/** Whether nothing is in both. Buckets that touch at a bound have no value in common: a bucket begins above it. */
export function isApart(one: Interval, other: Interval): boolean {
  return one.high <= other.low || other.high <= one.low;
}

function bucketOf(counts: readonly number[], rank: number): number {
  let sum = 0;
  for (const [position, count] of counts.entries()) {
    sum += count;
    if (rank <= sum) return position;
  }
  return counts.length - 1;
}
