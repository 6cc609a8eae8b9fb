/**
 * How telemetry is while requests are measured. `off`: ids and metrics are kept, and nobody fetches or receives anything;
 * `tenPercent` and `full`: so many traces are sent, metrics fetched and lines read; `stuck`: all of them, and the collector is
 * stopped (SIGSTOP), so that what is sent stays in the processes.
 */
export const VARIANTS = ['off', 'tenPercent', 'full', 'stuck'] as const;
export type Variant = (typeof VARIANTS)[number];
