/**
 * Redis cannot be asked, or did not answer in time. Whoever gets it goes on without: what Redis holds
 * may be lost, so nothing may depend on it.
 */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
  /** 'away' without having asked, 'timeout' when no answer came, 'refused' when the server said no. */
  readonly reason: RedisFailure;

  constructor(reason: RedisFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Why Redis was of no use. */
export type RedisFailure = 'away' | 'timeout' | 'refused';
