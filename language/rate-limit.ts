import { object, whole } from './shape.ts';
import type { Read } from './shape.ts';

/** How often callers of one class may ask, each for itself. */
export type RateLimit = Read<typeof RATE_LIMIT>;

/** The most requests that a limit can speak of. */
export const RATE_LIMIT_REQUESTS_MAX = 1_000_000_000;

/** The longest window. */
export const RATE_LIMIT_WINDOW_SECONDS_MAX = 86_400;

export const RATE_LIMIT = object({
  /** Requests in a window, on average. */
  requests: whole(1, RATE_LIMIT_REQUESTS_MAX),
  windowSeconds: whole(1, RATE_LIMIT_WINDOW_SECONDS_MAX),
  /** Requests that may come at once after a pause. */
  burst: whole(1, RATE_LIMIT_REQUESTS_MAX),
});
