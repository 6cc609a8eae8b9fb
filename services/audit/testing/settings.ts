/** What the logs of tests are called. */
export const ORIGIN = 'meridian.local/audit';

/** Of tests: a sequencer that is soon missed and soon tries again. */
export const QUICK = { pollMs: 20, headIntervalMs: 10, takeoverMs: 20, backoffMaxMs: 100 };
