/** How long the answer to a key is kept. */
export const IDEMPOTENCY_RETENTION_HOURS = 24;

/**
 * How long it is kept where the request or the answer holds a secret: long enough for an answer that got
 * lost, and as long as an access token in it is good.
 */
export const SECRET_RETENTION_MINUTES = 5;
