/** How often everything that serves metrics is asked for them. */
export const SCRAPE_INTERVAL_SECONDS = 15;

/** How long each kind of telemetry is kept, in days, on every landing. */
export const RETENTION_DAYS = { metrics: 90, logs: 30, traces: 7 } as const;

/** How long a sample may be under way when the store was away: it then arrives behind newer ones. */
export const OUT_OF_ORDER_MINUTES = 10;

/** How many spans and lines wait on disk for a store that is away: more than 60 s of 200 requests a second make. */
export const QUEUED_ITEMS_MAX = 500_000;

/** How many exemplars Prometheus keeps, in memory: about 100 bytes each. */
export const EXEMPLARS_MAX = 20_000;
