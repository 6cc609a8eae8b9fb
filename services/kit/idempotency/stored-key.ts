import type { Session } from '../postgres/database.ts';
import { IDEMPOTENCY_KEY_METADATA } from '../rpc/client-types.ts';
import { ERROR_REASONS, errorWithReason } from '../rpc/error-details.ts';
import type { RequestSecret } from './request-secret.ts';
import { IDEMPOTENCY_RETENTION_HOURS, SECRET_RETENTION_MINUTES } from './retention.ts';

/** Owner, method, key. */
export type Key = readonly [string, string, string];

/** Answers from before are forgotten, as SQL. */
export const OLDEST = `now() - interval '${IDEMPOTENCY_RETENTION_HOURS} hours'`;
/** The same for answers of methods that carry secrets. */
export const OLDEST_SECRET = `now() - interval '${SECRET_RETENTION_MINUTES} minutes'`;

/** The row of a key within a transaction; with a secret, what it holds is of no use without that. */
export class StoredKey {
  readonly #transaction: Session;
  readonly #key: Key;
  readonly #secret: RequestSecret | undefined;

  constructor(transaction: Session, key: Key, secret: RequestSecret | undefined) {
    this.#transaction = transaction;
    this.#key = key;
    this.#secret = secret;
  }

  /**
   * Takes a key for this transaction, or gives the answer that it has. A second transaction with the
   * key waits in the INSERT until the first has committed or rolled back.
   */
  async claim(digest: Buffer): Promise<Uint8Array | undefined> {
    const secret = this.#secret;
    const claimed = await this.#transaction.query({
      name: secret === undefined ? 'idempotency_claim' : 'idempotency_claim_secret',
      text: `INSERT INTO idempotency_keys AS kept (subject, method, key, request_digest)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (subject, method, key) DO UPDATE
               SET request_digest = excluded.request_digest, response = NULL, created_at = now()
               WHERE kept.created_at < ${secret === undefined ? OLDEST : OLDEST_SECRET}
             RETURNING 1`,
      values: [...this.#key, digest],
    });
    if (claimed.length > 0) return undefined;
    const [row] = await this.#transaction.query<{ request_digest: Buffer; response: Buffer }>({
      name: 'idempotency_answer',
      text: `SELECT request_digest, response FROM idempotency_keys
             WHERE subject = $1 AND method = $2 AND key = $3`,
      values: this.#key,
    });
    if (row?.request_digest.equals(digest) === true) {
      return secret === undefined ? row.response : secret.open(row.response, this.#place);
    }
    throw errorWithReason(
      'FAILED_PRECONDITION',
      ERROR_REASONS.idempotencyKeyReused,
      `The ${IDEMPOTENCY_KEY_METADATA} was used for another request; a new request needs a new key`,
    );
  }

  /** Stores the answer of a key that was taken. */
  async keep(answer: Uint8Array): Promise<void> {
    await this.#transaction.query({
      name: 'idempotency_keep',
      text: `UPDATE idempotency_keys SET response = $4
             WHERE subject = $1 AND method = $2 AND key = $3`,
      values: [...this.#key, this.#secret?.seal(answer, this.#place) ?? Buffer.from(answer)],
    });
  }

  /** Gives a key back that was taken. */
  async release(): Promise<void> {
    await this.#transaction.query({
      name: 'idempotency_release',
      text: 'DELETE FROM idempotency_keys WHERE subject = $1 AND method = $2 AND key = $3',
      values: this.#key,
    });
  }

  get #place(): string {
    return JSON.stringify(this.#key);
  }
}
