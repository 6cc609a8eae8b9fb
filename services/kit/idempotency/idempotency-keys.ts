import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type {
  DescMessage,
  DescMethod,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import { methodName } from '@meridian/language/method.ts';
import type { Transaction, Transactional } from '../postgres/database.ts';
import type { RpcError } from '../rpc/rpc-error.ts';
import { repeatability } from '../rpc/service-definition.ts';
import type { Runtime } from '../runtime.ts';
import { idempotencyKeyOf, subjectOf } from './caller.ts';
import type { KeyedCall } from './caller.ts';
import { carriesSecrets, holdsSecrets } from './carries-secrets.ts';
import { requestDigest } from './request-digest.ts';
import { RequestSecret } from './request-secret.ts';
import { OLDEST, OLDEST_SECRET, StoredKey } from './stored-key.ts';

/** What secrets have encrypted is to be gone soon after nobody may have it any more. */
const SWEEP_INTERVAL_MS = 60_000;
const SWEEP_LIMIT = 10_000;

/**
 * What a write comes to that is refused and yet changes something, such as the end of a session whose
 * token came twice: the change commits, the key is free again, and the error is thrown.
 */
export class Refusal {
  readonly error: RpcError;

  constructor(error: RpcError) {
    this.error = error;
  }
}

/**
 * Gives what only the sender of the request knows, for its idempotency key: 32 bytes or more that take no
 * fewer attempts to guess than the stored form of the same secret; a password is stretched for it.
 */
export type SecretOf = (key: string) => Promise<Uint8Array> | Uint8Array;

/** How the keys of a contract are kept. */
export interface KeyOptions {
  /**
   * Methods whose keys are their subject's although the request carries a secret, as it does not say who
   * somebody is, such as the token of a means of payment. Their answers hold no secret and are kept as long
   * as any; another secret under a key is another request. @default none
   */
  readonly ownedBySubject?: readonly DescMethod[];
}

/** Makes writes that come twice happen once. */
export class IdempotencyKeys {
  readonly #database: Transactional;
  readonly #ownedBySubject: ReadonlySet<DescMethod>;
  readonly #secretive: readonly string[];

  /** Keys of the methods of a contract. */
  constructor(
    database: Transactional,
    contract: DescService,
    { ownedBySubject = [] }: KeyOptions = {},
  ) {
    const revealing = ownedBySubject.find(({ output }) => holdsSecrets(output));
    if (revealing !== undefined) {
      throw new Error(
        `Method '${methodName(revealing)}': its answer holds a secret, so its keys cannot be its subject's`,
      );
    }
    this.#database = database;
    this.#ownedBySubject = new Set(ownedBySubject);
    this.#secretive = contract.methods
      .filter((method) => carriesSecrets(method) && !this.#ownedBySubject.has(method))
      .map(methodName);
  }

  /**
   * Runs a write in a transaction and gives its answer. If the call has an idempotency key, the
   * answer is stored in the same transaction; the same request with the same key of the same subject
   * gets that answer for IDEMPOTENCY_RETENTION_HOURS, also when the first is still at work. A write
   * that fails leaves nothing behind, so its key can be used again.
   *
   * The contract must say that the method does so: callers who got no answer go by it.
   *
   * Where a message of the method carries secrets, `secretOf` must be given, and what it gives takes the
   * place of the subject: whoever sends the same secret is the same caller, nothing that is stored can be
   * read without it, and it is kept for SECRET_RETENTION_MINUTES only; see KeyOptions for the exception.
   *
   * @throws {RpcError} FAILED_PRECONDITION, with the reason IDEMPOTENCY_KEY_REUSED, for another
   *   request with the same key; INVALID_ARGUMENT for the key of somebody who is not signed in and sends
   *   no secret; whatever `work` throws or refuses with.
   */
  async run<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethodUnary<Input, Output>,
    request: MessageShape<Input>,
    call: KeyedCall,
    work: (transaction: Transaction) => Promise<MessageInitShape<Output> | Refusal>,
    secretOf?: SecretOf,
  ): Promise<MessageShape<Output>> {
    if (repeatability(method) === 'never') {
      throw new Error(
        `Method '${methodName(method)}': must be declared with honours_idempotency_key, got a method that may not be repeated; set it in its contract`,
      );
    }
    if (carriesSecrets(method) !== (secretOf !== undefined)) {
      throw new Error(
        `Method '${methodName(method)}': its secret must be given exactly if its messages have a field marked debug_redact`,
      );
    }
    const given = idempotencyKeyOf(call);
    const secret =
      given === undefined || secretOf === undefined
        ? undefined
        : new RequestSecret(await secretOf(given));
    const isSubjects = secret === undefined || this.#ownedBySubject.has(method);
    const owner = given === undefined || !isSubjects ? secret?.owner : subjectOf(call);
    const done = await this.#database.transaction(async (transaction) => {
      if (given === undefined) return answerOf(method, await work(transaction));
      const sealing = isSubjects ? undefined : secret;
      const key = new StoredKey(transaction, [owner ?? '', methodName(method), given], sealing);
      const stored = await key.claim(
        secret?.digest(method.input, request) ?? requestDigest(method.input, request),
      );
      if (stored !== undefined) return fromBinary(method.output, stored);
      const answer = answerOf(method, await work(transaction));
      if (answer instanceof Refusal) await key.release();
      else await key.keep(toBinary(method.output, answer));
      return answer;
    });
    if (done instanceof Refusal) throw done.error;
    return done;
  }

  /** Deletes some of the answers that are too old. */
  async sweep(): Promise<void> {
    await this.#database.query({
      name: 'idempotency_sweep',
      text: `DELETE FROM idempotency_keys WHERE ctid IN (
               SELECT ctid FROM idempotency_keys WHERE created_at < ${OLDEST} LIMIT $1)`,
      values: [SWEEP_LIMIT],
    });
    if (this.#secretive.length === 0) return;
    await this.#database.query({
      name: 'idempotency_sweep_secrets',
      text: `DELETE FROM idempotency_keys WHERE ctid IN (
               SELECT ctid FROM idempotency_keys
               WHERE created_at < ${OLDEST_SECRET} AND method = ANY($1) LIMIT $2)`,
      values: [this.#secretive, SWEEP_LIMIT],
    });
  }
}

/** Opens the keys of a contract in a database, whose old answers are deleted now and then. */
export function openIdempotencyKeys(
  runtime: Runtime,
  database: Transactional,
  contract: DescService,
  options: KeyOptions = {},
): IdempotencyKeys {
  const keys = new IdempotencyKeys(database, contract, options);
  const timer = setInterval(() => {
    keys.sweep().catch((err: unknown) => {
      runtime.log.warn({ err }, 'old idempotency keys were not deleted; trying again later');
    });
  }, SWEEP_INTERVAL_MS).unref();
  runtime.onRelease('idempotency keys', () => clearInterval(timer));
  return keys;
}

function answerOf<Output extends DescMessage>(
  method: DescMethodUnary<DescMessage, Output>,
  given: MessageInitShape<Output> | Refusal,
): MessageShape<Output> | Refusal {
  return given instanceof Refusal ? given : create(method.output, given);
}
