import type { Session } from '@meridian/kit/postgres/database.ts';
import { uuidV7 } from '@meridian/kit/events/uuid-v7.ts';
import { isUndecided, refundedOf, statusOf } from './payment-state.ts';
import type { Operation, OperationKind, OperationStatus, PaymentState } from './payment-state.ts';
import type { MeantOperation } from './told-charge.ts';

/** When something began and last changed. */
export interface Times {
  readonly createTime: Date;
  readonly updateTime: Date;
}

/** A payment as it is stored. */
export interface StoredPayment extends Times {
  readonly paymentId: string;
  readonly state: PaymentState;
  /** Zero as long as there is no payment but the wish that there be none. */
  readonly version: bigint;
  /** By key. */
  readonly operationTimes: ReadonlyMap<string, Times>;
}

/** What is stored beside the state that a transition led to. */
export interface Storing {
  /** Operations that are sent right after the commit, by key. */
  readonly sends: readonly string[];
  /** How long whoever sends them may take before somebody else does. */
  readonly leaseMs: number;
  /** Of a new authorisation. */
  readonly token?: string;
}

interface PaymentRow {
  readonly order_id: string;
  readonly payment_id: string;
  readonly currency: string | null;
  readonly minor_units: string | null;
  readonly version: string;
  readonly create_time: Date;
  readonly update_time: Date;
}

interface OperationRow {
  readonly idempotency_key: string;
  readonly order_id: string;
  readonly kind: OperationKind;
  readonly status: OperationStatus;
  readonly minor_units: string;
  readonly content: string;
  readonly decline_code: string;
  readonly charge: string;
  readonly create_time: Date;
  readonly update_time: Date;
}

type MeantRow = Pick<OperationRow, 'order_id' | 'kind' | 'minor_units'> & {
  readonly currency: string;
  readonly charge: string | null;
};

const PAYMENT = `order_id, payment_id, currency, minor_units, version, create_time, update_time`;
const OPERATION = `idempotency_key, order_id, kind, status, minor_units, content, decline_code, charge,
  create_time, update_time`;

/** Payments with their operations in PostgreSQL. */
export class PaymentStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Makes room for the payment of an order, if it has none, so that there is a row to lock. */
  async open(orderId: string): Promise<void> {
    await this.#session.query({
      name: 'open_payment',
      text: 'INSERT INTO payments (order_id, payment_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      values: [orderId, uuidV7()],
    });
  }

  /** The payment of an order, which nobody else changes until the transaction ends. */
  lock(orderId: string): Promise<StoredPayment | undefined> {
    return this.#read('lock_payment', orderId, 'FOR NO KEY UPDATE');
  }

  get(orderId: string): Promise<StoredPayment | undefined> {
    return this.#read('get_payment', orderId, '');
  }

  /** Payments by order id, those after one. */
  async list(limit: number, afterOrderId?: string): Promise<readonly StoredPayment[]> {
    const rows = await this.#session.query<PaymentRow>({
      name: 'list_payments',
      text: `
        SELECT ${PAYMENT} FROM payments
        WHERE version > 0 AND ($2::uuid IS NULL OR order_id > $2) ORDER BY order_id LIMIT $1`,
      values: [limit, afterOrderId ?? null],
    });
    const operations = await this.#operations(rows.map(({ order_id: id }) => id));
    return rows.map((row) => toPayment(row, operations.get(row.order_id) ?? []));
  }

  /** The operation with a key, whatever became of it, with what tells the charge that it is about. */
  async find(key: string): Promise<MeantOperation | undefined> {
    const [row] = await this.#session.query<MeantRow>({
      name: 'find_operation',
      text: `
        SELECT o.order_id, o.kind, o.minor_units, coalesce(p.currency, '') AS currency,
          CASE o.kind WHEN 'authorize' THEN nullif(o.charge, '') ELSE (SELECT charge FROM operations
            WHERE order_id = o.order_id AND kind = 'authorize' AND status = 'succeeded') END AS charge
        FROM operations AS o JOIN payments AS p USING (order_id)
        WHERE o.idempotency_key = $1`,
      values: [key],
    });
    if (row === undefined) return undefined;
    const { order_id: orderId, kind, currency, charge } = row;
    const minorUnits = BigInt(row.minor_units);
    return { orderId, kind, currency, minorUnits, charge: charge ?? undefined };
  }

  /** Those of some keys whose outcome is open. */
  async openOf(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#session.query<{ readonly idempotency_key: string }>({
      name: 'open_operations',
      text: `
        SELECT idempotency_key FROM operations
        WHERE idempotency_key = ANY ($1) AND status IN ('pending', 'unknown')`,
      values: [keys],
    });
    return new Set(rows.map(({ idempotency_key: key }) => key));
  }

  /**
   * Stores what a transition made of a payment that is locked; undefined if a key of it is that of
   * another payment.
   */
  async save(
    before: StoredPayment,
    state: PaymentState,
    storing: Storing,
  ): Promise<StoredPayment | undefined> {
    for (const [index, operation] of state.operations.entries()) {
      const known = before.state.operations[index];
      if (known === undefined) {
        if (!(await this.#insert(state.orderId, index + 1, operation, storing))) return undefined;
      } else if (known !== operation) await this.#update(operation);
    }
    await this.#lease(before, storing);
    const [row] = await this.#session.query<PaymentRow>({
      name: 'save_payment',
      text: `
        UPDATE payments SET currency = $2, minor_units = $3, status = $4, refunded = $5,
          version = version + CASE WHEN $2::text IS NULL THEN 0 ELSE 1 END,
          update_time = clock_timestamp()
        WHERE order_id = $1 RETURNING ${PAYMENT}`,
      values: [
        state.orderId,
        state.amount?.currency ?? null,
        state.amount?.minorUnits.toString() ?? null,
        statusOf(state) ?? null,
        refundedOf(state).toString(),
      ],
    });
    if (row === undefined) throw new Error(`There is no payment of order ${state.orderId} to save`);
    return toPayment(row, (await this.#operations([state.orderId])).get(state.orderId) ?? []);
  }

  async #read(name: string, orderId: string, lock: string): Promise<StoredPayment | undefined> {
    const [row] = await this.#session.query<PaymentRow>({
      name,
      text: `SELECT ${PAYMENT} FROM payments WHERE order_id = $1 ${lock}`,
      values: [orderId],
    });
    if (row === undefined) return undefined;
    return toPayment(row, (await this.#operations([orderId])).get(orderId) ?? []);
  }

  async #operations(
    orderIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly OperationRow[]>> {
    const rows = await this.#session.query<OperationRow>({
      name: 'operations_of_orders',
      text: `SELECT ${OPERATION} FROM operations WHERE order_id = ANY ($1) ORDER BY order_id, sequence`,
      values: [orderIds],
    });
    return Map.groupBy(rows, ({ order_id: orderId }) => orderId);
  }

  /** False if another payment has an operation with the key. */
  async #insert(
    orderId: string,
    sequence: number,
    operation: Operation,
    { sends, leaseMs, token }: Storing,
  ): Promise<boolean> {
    const { key, kind, status, minorUnits, content, declineCode } = operation;
    const rows = await this.#session.query({
      name: 'insert_operation',
      text: `
        INSERT INTO operations (idempotency_key, order_id, sequence, kind, status, minor_units, content,
          decline_code, payment_method_token, due_time)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
          clock_timestamp() + $10::double precision * interval '1 millisecond')
        ON CONFLICT (idempotency_key) DO NOTHING RETURNING sequence`,
      values: [
        ...[key, orderId, sequence, kind, status, minorUnits.toString(), content, declineCode],
        isUndecided(operation) ? (token ?? null) : null,
        sends.includes(key) ? leaseMs : null,
      ],
    });
    return rows.length > 0;
  }

  /** Of what is decided the token goes, and nobody has to ask. */
  async #update({ key, status, declineCode, charge }: Operation): Promise<void> {
    await this.#session.query({
      name: 'update_operation',
      text: `
        UPDATE operations SET status = $2, decline_code = $3, charge = $4,
          payment_method_token = CASE WHEN $2 IN ('pending', 'unknown') THEN payment_method_token END,
          due_time = CASE WHEN $2 IN ('pending', 'unknown') THEN due_time END,
          update_time = clock_timestamp()
        WHERE idempotency_key = $1`,
      values: [key, status, declineCode, charge],
    });
  }

  /** What had waited and is sent now is looked after from now on. */
  async #lease(before: StoredPayment, { sends, leaseMs }: Storing): Promise<void> {
    const waited = sends.filter((key) => before.operationTimes.has(key));
    if (waited.length === 0) return;
    await this.#session.query({
      name: 'lease_operations',
      text: `
        UPDATE operations SET due_time = clock_timestamp() + $2 * interval '1 millisecond'
        WHERE idempotency_key = ANY ($1)`,
      values: [waited, leaseMs],
    });
  }
}

function toPayment(row: PaymentRow, operations: readonly OperationRow[]): StoredPayment {
  const { currency, minor_units: minorUnits } = row;
  return {
    paymentId: row.payment_id,
    version: BigInt(row.version),
    createTime: row.create_time,
    updateTime: row.update_time,
    state: {
      orderId: row.order_id,
      amount:
        currency === null || minorUnits === null
          ? undefined
          : { currency, minorUnits: BigInt(minorUnits) },
      operations: operations.map(toOperation),
    },
    operationTimes: new Map(
      operations.map(({ idempotency_key: key, create_time, update_time }) => [
        key,
        { createTime: create_time, updateTime: update_time },
      ]),
    ),
  };
}

function toOperation(row: OperationRow): Operation {
  return {
    key: row.idempotency_key,
    kind: row.kind,
    status: row.status,
    minorUnits: BigInt(row.minor_units),
    content: row.content,
    declineCode: row.decline_code,
    charge: row.charge,
  };
}
