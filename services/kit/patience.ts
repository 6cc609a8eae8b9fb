import { setTimeout as delay } from 'node:timers/promises';

/**
 * How long to wait after so many attempts that failed in a row, the first of them 1: twice as long each time up to
 * a bound, half of it at random, so that what failed together does not come back together.
 */
export function backoffMs(attempts: number, firstMs: number, maxMs: number): number {
  const longestMs = Math.min(firstMs * 2 ** (attempts - 1), maxMs);
  return (longestMs * (1 + Math.random())) / 2;
}

/** Waits, and not at all once aborted; never throws. */
export async function restUntilAborted(ms: number, signal: AbortSignal): Promise<void> {
  const aborted = (): void => undefined;
  await delay(ms, undefined, { signal }).catch(aborted);
}

/** Waits for work, but no longer than that: what hangs is left behind. Throws what the work throws until then. */
export async function settledWithin(work: Promise<unknown> | undefined, ms: number): Promise<void> {
  const patience = new AbortController();
  await Promise.race([work, restUntilAborted(ms, patience.signal)]).finally(() => patience.abort());
}
