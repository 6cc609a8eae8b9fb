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
 * Of many requests under way, how many may be sent again at once. A zone that goes takes a third of
 * them along, half of what stays; and until it is noticed it looks idle, and is sent more than its
 * share. What comes again takes the place of what has gone.
 */
export const RETRY_BUDGET_PERCENT = 50;

/** Of few requests under way, all may be sent again. */
export const MIN_RETRIES_AT_ONCE = 32;

/**
 * How much of a body is kept until it is known that it was sent. Beyond it a request is not sent again;
 * the largest product fits.
 */
export const RETRY_BUFFER_BYTES = 131_072;

/** How often another host is looked for; by chance a pick can be of the one that failed. */
const MAX_HOST_PICKS = 16;

/** The retry_policy of a request that changes nothing, which may be sent twice (RFC 9110, 9.2.2). */
export function readRetries(): object {
  return {
    ...retries([...NEVER_SENT, ...GATEWAY_GONE]),
    per_try_timeout: `${READ_TRY_SECONDS}s`,
  };
}

/** A retry_policy at another gateway; an answer is final, whatever its status (ADR 29). */
export function retries(reasons: readonly string[]): object {
  return {
    retry_on: reasons.join(','),
    num_retries: MAX_RETRIES,
    retry_back_off: { base_interval: '0.025s', max_interval: '0.25s' },
    retry_host_predicate: [
      {
        name: 'envoy.retry_host_predicates.previous_hosts',
        typed_config: {
          '@type':
            'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
        },
      },
    ],
    host_selection_retry_max_attempts: MAX_HOST_PICKS,
  };
}
