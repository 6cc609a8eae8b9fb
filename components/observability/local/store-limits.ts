/** What the stores of one machine may take of its disk, 1 GiB together; Jaeger knows no limit but its days. */
export const STORE_LIMITS = { metricsMib: 512, logsMib: 256 } as const;
