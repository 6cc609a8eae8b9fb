import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type {
  DescMessage,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { Session, Transaction, Transactional } from '../postgres/database.ts';
import { IDEMPOTENCY_KEY_METADATA } from '../rpc/client-types.ts';
import { ERROR_REASONS, errorWithReason } from '../rpc/error-details.ts';
import { methodName, repeatability } from '../rpc/service-definition.ts';
import type { Runtime } from '../runtime.ts';
import { idempotencyKeyOf, subjectOf } from './caller.ts';
import type { KeyedCall } from './caller.ts';
import { requestDigest } from './request-digest.ts';

/** How long the answer to a key is kept. */
export const IDEMPOTENCY_RETENTION_HOURS = 24;

const SWEEP_INTERVAL_MS = 600_000;
const SWEEP_LIMIT = 10_000;

/** Makes writes that come twice happen once. */
export class IdempotencyKeys {
  readonly #database: Transactional;

  constructor(database: Transactional) {
    this.#database = database;
  }

  /**
   * Runs a write in a transaction and gives its answer. If the call has an idempotency key, the
   * answer is stored in the same transaction; the same request with the same key of the same subject
   * gets that answer for IDEMPOTENCY_RETENTION_HOURS, also when the first is still at work. A write
   * that fails leaves nothing behind, so its key can be used again.
   *
   * The contract must say that the method does so: callers who got no answer go by it.
   *
   * @throws {RpcError} FAILED_PRECONDITION, with the reason IDEMPOTENCY_KEY_REUSED, for another
   *   request with the same key; whatever `work` throws.
   */
  async run<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethodUnary<Input, Output>,
    request: MessageShape<Input>,
    call: KeyedCall,
    work: (transaction: Transaction) => Promise<MessageInitShape<Output>>,
  ): Promise<MessageShape<Output>> {
    if (repeatability(method) === 'never') {
      throw new Error(
        `Method '${methodName(method)}': must be declared with honours_idempotency_key, got a method that may not be repeated; set it in its contract`,
      );
    }
    const given = idempotencyKeyOf(call);
    return this.#database.transaction(async (transaction) => {
      if (given === undefined) return create(method.output, await work(transaction));
      const key: Key = [subjectOf(call), methodName(method), given];
      const digest = requestDigest(method.input, request);
      const stored = await claim(transaction, key, digest);
      if (stored !== undefined) return fromBinary(method.output, stored);
      const answer = create(method.output, await work(transaction));
      await keep(transaction, key, toBinary(method.output, answer));
      return answer;
    });
  }

  /** Deletes some of the answers that are too old. */
  async sweep(): Promise<void> {
    await this.#database.query({
      name: 'idempotency_sweep',
      text: `DELETE FROM idempotency_keys WHERE ctid IN (
               SELECT ctid FROM idempotency_keys WHERE created_at < ${OLDEST} LIMIT $1)`,
      values: [SWEEP_LIMIT],
    });
  }
}

/** Opens the keys of a database, whose old answers are deleted now and then. */
export function openIdempotencyKeys(runtime: Runtime, database: Transactional): IdempotencyKeys {
  const keys = new IdempotencyKeys(database);
  const timer = setInterval(() => {
    keys.sweep().catch((err: unknown) => {
      runtime.log.warn({ err }, 'old idempotency keys were not deleted; trying again later');
    });
  }, SWEEP_INTERVAL_MS).unref();
  runtime.onRelease('idempotency keys', () => clearInterval(timer));
  return keys;
}

/** Subject, method, key. */
type Key = readonly [string, string, string];

const OLDEST = `now() - interval '${IDEMPOTENCY_RETENTION_HOURS} hours'`;

/**
 * Takes a key for this transaction, or gives the answer that it has. A second transaction with the
 * key waits in the INSERT until the first has committed or rolled back.
 */
async function claim(
  transaction: Session,
  key: Key,
  digest: Buffer,
): Promise<Uint8Array | undefined> {
  const claimed = await transaction.query({
    name: 'idempotency_claim',
    text: `INSERT INTO idempotency_keys AS kept (subject, method, key, request_digest)
           VALUES ($1, $2, $3, $4)
           ON CONFLICT (subject, method, key) DO UPDATE
             SET request_digest = excluded.request_digest, response = NULL, created_at = now()
             WHERE kept.created_at < ${OLDEST}
           RETURNING 1`,
    values: [...key, digest],
  });
  if (claimed.length > 0) return undefined;
  const [row] = await transaction.query<{ request_digest: Buffer; response: Buffer }>({
    name: 'idempotency_answer',
    text: `SELECT request_digest, response FROM idempotency_keys
           WHERE subject = $1 AND method = $2 AND key = $3`,
    values: key,
  });
  if (row?.request_digest.equals(digest) === true) return row.response;
  throw errorWithReason(
    'FAILED_PRECONDITION',
    ERROR_REASONS.idempotencyKeyReused,
    `The ${IDEMPOTENCY_KEY_METADATA} was used for another request; a new request needs a new key`,
  );
}

async function keep(transaction: Session, key: Key, response: Uint8Array): Promise<void> {
  await transaction.query({
    name: 'idempotency_keep',
    text: `UPDATE idempotency_keys SET response = $4
           WHERE subject = $1 AND method = $2 AND key = $3`,
    values: [...key, Buffer.from(response)],
  });
}
