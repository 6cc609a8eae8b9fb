import type { Session } from '@meridian/kit/postgres/database.ts';

/** Wrong passwords in a row that cost nothing: people mistype. */
export const FREE_ATTEMPTS = 5;
/** The longest wait; some hundred guesses a day at most. Source: NIST SP 800-63B section 5.2.2. */
export const LONGEST_DELAY_SECONDS = 900;
/** After a day without an attempt the count begins again. */
const MEMORY_SECONDS = 86_400;
/** 2^20 seconds are beyond the longest delay; higher powers would only overflow. */
const DOUBLINGS_MAX = 20;

/**
 * Counts an attempt as failed before it is tried, so that guesses made all at once are counted one by
 * one. Nothing is changed, and no row returned, while the address is blocked.
 */
const BEGIN_ATTEMPT = `
  INSERT INTO sign_in_attempts AS stored (email_sha256, failures, last_attempt_time, blocked_until)
  VALUES ($1, 1, now(), now())
  ON CONFLICT (email_sha256) DO UPDATE SET (failures, last_attempt_time, blocked_until) = (
    SELECT failures, now(), now() + make_interval(secs =>
      CASE WHEN failures <= $2 THEN 0
           ELSE least($3, 2 ^ least(failures - $2 - 1, ${DOUBLINGS_MAX})) END)
    FROM (SELECT CASE WHEN stored.last_attempt_time < now() - make_interval(secs => $4) THEN 1
                      ELSE stored.failures + 1 END AS failures) AS counted)
  -- The clock is that of the start of the transaction: one that began later may have been here before.
  WHERE stored.failures <= $2 OR stored.blocked_until <= now()
  RETURNING failures`;

/** Slows down guessing at one account, whichever replica the guesses reach. */
export class SignInAttempts {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Notes an attempt to sign in with an address. Returns 0 if it may be tried, else the seconds until
   * the next one may; `forget` takes the note back.
   */
  async begin(emailSha256: Buffer): Promise<number> {
    const begun = await this.#session.query({
      name: 'begin_sign_in_attempt',
      text: BEGIN_ATTEMPT,
      values: [emailSha256, FREE_ATTEMPTS, LONGEST_DELAY_SECONDS, MEMORY_SECONDS],
    });
    if (begun.length > 0) return 0;
    const [row] = await this.#session.query<{ readonly seconds: number }>({
      name: 'get_sign_in_delay',
      text: `
        SELECT ceil(extract(epoch FROM blocked_until - now()))::integer AS seconds
        FROM sign_in_attempts WHERE email_sha256 = $1`,
      values: [emailSha256],
    });
    return Math.max(1, row?.seconds ?? 1);
  }

  /**
   * Takes a note back, unless it is the only one: its attempt ended without anybody having looked at the
   * password, or with a right one, so that it was not a guess. What blocks the address for now stays.
   */
  async takeBack(emailSha256: Buffer): Promise<void> {
    await this.#session.query({
      name: 'take_back_sign_in_attempt',
      text: `
        UPDATE sign_in_attempts SET failures = failures - 1
        WHERE email_sha256 = $1 AND failures > 1`,
      values: [emailSha256],
    });
  }

  /** Drops the count of an address: its owner is in. */
  async forget(emailSha256: Buffer, session: Session = this.#session): Promise<void> {
    await session.query({
      name: 'forget_sign_in_attempts',
      text: 'DELETE FROM sign_in_attempts WHERE email_sha256 = $1',
      values: [emailSha256],
    });
  }

  /** Drops counts that would begin again anyway. */
  async removeOld(): Promise<void> {
    await this.#session.query({
      name: 'remove_old_sign_in_attempts',
      text: `
        DELETE FROM sign_in_attempts
        WHERE last_attempt_time < now() - make_interval(secs => $1)`,
      values: [MEMORY_SECONDS],
    });
  }
}
