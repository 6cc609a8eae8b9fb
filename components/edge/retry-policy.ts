/**
 * What shows that no gateway has got a request: no connection, a stream that was refused, or an end
 * before the headers went out. Source: Envoy 1.40, "x-envoy-retry-on".
 */
export const NEVER_SENT = ['connect-failure', 'refused-stream', 'reset-before-request'] as const;

/** A gateway that went away, or stopped, with a request: what it was doing is over with it. */
export const GATEWAY_GONE = ['reset'] as const;

/** So that a request reaches a gateway of each zone before it is given up. */
export const MAX_RETRIES = 2;

/**
 * When a gateway that says nothing to a read is taken for dead. Longer than all that a gateway gives
 * to a call (`callTimeoutMs` in services/gateway/http/limits.ts): what it asked for has ended by then,
 * so that a second gateway's work takes the place of the first one's. Twice it fits into a request's 15 s.
 */
export const READ_TRY_SECONDS = 7;

/**
 * What a read gets that asks to wait for a change: the longest wait of all (LONGEST_WAIT_MS in
 * services/kit/rpc/longest-wait.ts), what a gateway gives to a call besides, and the way there and back.
 */
export const WAIT_SECONDS = 40;

/** The header by which it asks, and its form for RE2 (RFC 7240 section 4.3). */
export const WAIT_HEADER = { name: 'prefer', regex: '(?i)(.*[, \\t])?wait[ \\t]*=.*' } as const;

/**
 * Of many requests under way, how many may be sent again at once. A zone that goes takes a third of
 * them along, half of what stays; and until it is noticed it looks idle, and is sent more than its
 * share. What comes again takes the place of what has gone.
 */
export const RETRY_BUDGET_PERCENT = 50;
