import { object, whole } from './shape.ts';
import type { Read } from './shape.ts';

/** How often callers of one class may ask, each for itself. */
export type RateLimit = Read<typeof RATE_LIMIT>;

/**
 * Classes of callers that the edge always tells apart: addresses without a token, subjects of one,
 * addresses that send tokens which are refused, counted besides the others by refused tokens; and addresses
 * that send webhooks. Every other class is the name of a role, whose subjects have a limit of their own.
 */
export const RATE_LIMIT_CLASSES = ['anonymous', 'customer', 'unverified', 'webhook'] as const;

/**
 * The headers in which the edge service says what a caller has left; what answers without them is not behind the edge.
 * Source: draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4.
 */
export const RATE_LIMIT_HEADERS = { policy: 'ratelimit-policy', limit: 'ratelimit' } as const;

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
