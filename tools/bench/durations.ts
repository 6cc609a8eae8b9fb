/** Durations of one kind of work, in milliseconds. */
export interface Durations {
  readonly p50: number;
  readonly p95: number;
}

/** How long work takes, in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const startedAt = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

/** Median and 95th percentile of samples. */
export function durationsOf(samples: readonly number[]): Durations {
  const sorted = [...samples].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}
