import { GATEWAY_GONE, MAX_RETRIES, NEVER_SENT, READ_TRY_SECONDS } from '../retry-policy.ts';

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

/** The same of one that waits for a change: a gateway that says nothing to it waits. */
export function waitRetries(): object {
  return retries([...NEVER_SENT, ...GATEWAY_GONE]);
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
