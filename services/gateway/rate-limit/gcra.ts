import type { RateLimit } from '@meridian/language/rate-limit.ts';

/** What came of one request. */
export interface Decision {
  readonly allowed: boolean;
  /** Requests that would be let through at once now. */
  readonly remaining: number;
  /** Time until all of the burst is there again. */
  readonly resetMs: number;
  /** Time until the next request is let through; 0 when it would be now. */
  readonly retryAfterMs: number;
}

/** Time that one request takes of its caller's allowance. */
export function emissionIntervalMs({ requests, windowSeconds }: RateLimit): number {
  return (windowSeconds * 1_000) / requests;
}

/**
 * Decides by the generic cell rate algorithm (ITU-T I.371, "virtual scheduling"): all that is kept of
 * a caller is the time at which its allowance is whole again.
 *
 * @param wholeAtMs that time, or undefined for a caller who is not known
 */
export function decide(
  limit: RateLimit,
  wholeAtMs: number | undefined,
  nowMs: number,
): { readonly decision: Decision; readonly wholeAtMs: number } {
  const interval = emissionIntervalMs(limit);
  const tolerance = interval * limit.burst;
  const before = Math.max(wholeAtMs ?? nowMs, nowMs);
  const after = before + interval;
  const allowed = toMicrosecond(after - nowMs) <= toMicrosecond(tolerance);
  const kept = allowed ? after : before;
  return { decision: decisionAt(limit, allowed, toMicrosecond(kept - nowMs)), wholeAtMs: kept };
}

/** Sums with a clock's fractions are off by less: that must refuse nobody, nor add a second. */
function toMicrosecond(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/** The decision as the caller is told, from how far away the whole allowance is. */
export function decisionAt(limit: RateLimit, allowed: boolean, resetMs: number): Decision {
  const interval = emissionIntervalMs(limit);
  const tolerance = interval * limit.burst;
  return {
    allowed,
    // A rounding error of the division must not take a request away.
    remaining: Math.max(0, Math.floor((tolerance - resetMs) / interval + 1e-6)),
    resetMs,
    retryAfterMs: Math.max(0, resetMs + interval - tolerance),
  };
}
