/** What a program of services/watch asks for, beside its memory. */
export const WATCH_CPU_MILLICORES = 20;

/** Of what asks engines how they are, one for all zones. */
export const ENGINE_METRICS_MIB = 192;

/** Of what asks the edge as users do, one in each zone. */
export const PROBE_MIB = 128;
