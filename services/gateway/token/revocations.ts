import type { Logger } from '@meridian/kit/telemetry/logger.ts';

/** A session that ended before its tokens did. */
export interface Revocation {
  readonly sessionId: string;
  /** After this its tokens have expired by themselves; milliseconds since the epoch. */
  readonly expiryMs: number;
}

/** Revocations after a cursor, in order. */
export interface RevocationPage {
  readonly revocations: readonly Revocation[];
  readonly cursor: string;
}

/** How often the whole list is read again, in case a cursor ran past something. */
export const REVOCATION_RESYNC_MS = 30_000;

/** A list without an end is a mistake of the other side. */
const MAX_PAGES = 1_000;

/** A token that expires with its revocation may still be within the clock tolerance. */
const EXPIRY_MARGIN_MS = 10_000;

/** What the revocations are made from. */
export interface RevocationsOptions {
  /** Asks identity for what comes after a cursor; '' for all. Rejects if it cannot be asked. */
  readonly fetchPage: (afterCursor: string) => Promise<RevocationPage>;
  readonly log: Logger;
  /** How old the copy may be: then a session that was revoked meanwhile could be open too long. */
  readonly maxAgeMs: number;
}

/**
 * The sessions whose tokens are refused although they have not expired: a copy of identity's list.
 * While identity is away the copy goes on, but not for ever: a session that was revoked meanwhile
 * would stay open.
 */
export class Revocations {
  readonly #options: RevocationsOptions;
  readonly #sessions = new Map<string, number>();
  #cursor = '';
  #failing = false;
  #wholeMs = -Infinity;
  #confirmedMs = -Infinity;

  constructor(options: RevocationsOptions) {
    this.#options = options;
  }

  /** Whether the copy is recent enough to rely on. */
  get fresh(): boolean {
    return performance.now() - this.#confirmedMs <= this.#options.maxAgeMs;
  }

  /** Whether tokens of a session are refused. */
  has(sessionId: string): boolean {
    return this.#sessions.has(sessionId);
  }

  /** Asks identity for what is new; never rejects. */
  async refresh(): Promise<void> {
    const startMs = performance.now();
    try {
      const whole = startMs - this.#wholeMs >= REVOCATION_RESYNC_MS;
      await this.#readPages(whole ? '' : this.#cursor);
      if (whole) this.#wholeMs = startMs;
      // What was revoked before the question is in the answer.
      this.#confirmedMs = startMs;
      this.#forgetExpired();
      if (this.#failing) this.#options.log.info('revocations are fetched again');
      this.#failing = false;
    } catch (error) {
      // Asked for every second: once is enough said.
      if (!this.#failing) {
        const { message: reason } = error as Error;
        this.#options.log.warn({ reason }, 'revocations could not be fetched; asking on');
      }
      this.#failing = true;
    }
  }

  async #readPages(start: string): Promise<void> {
    let cursor = start;
    for (let page = 0; page < MAX_PAGES; page++) {
      const { revocations, cursor: next } = await this.#options.fetchPage(cursor);
      for (const { sessionId, expiryMs } of revocations) this.#sessions.set(sessionId, expiryMs);
      const ended = revocations.length === 0 || next === cursor;
      cursor = next;
      if (ended) break;
    }
    this.#cursor = cursor;
  }

  #forgetExpired(): void {
    const limitMs = Date.now() - EXPIRY_MARGIN_MS;
    for (const [sessionId, expiryMs] of this.#sessions) {
      if (expiryMs < limitMs) this.#sessions.delete(sessionId);
    }
  }
}
