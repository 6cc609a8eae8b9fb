import type { Session } from '@meridian/kit/postgres/database.ts';
import type { OperationKind } from './payment-state.ts';
import type { MeantOperation } from './told-charge.ts';

/** An operation with all that the provider has to be told. */
export interface DueOperation extends MeantOperation {
  readonly key: string;
  /** Of an authorisation only. */
  readonly token: string | undefined;
}

/** How much is open. */
export interface OpenOperations {
  readonly unknown: number;
  /** Since it was asked for; zero if none is unknown. */
  readonly oldestAgeSeconds: number;
}

/** When open operations are asked about again. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

interface DueRow {
  readonly idempotency_key: string;
  readonly order_id: string;
  readonly kind: OperationKind;
  readonly currency: string;
  readonly minor_units: string;
  readonly payment_method_token: string | null;
  readonly charge: string | null;
}

/** Operations whose outcome is open, as those who ask the provider see them. */
export class DueOperations {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** What is to be sent under a key; undefined once its outcome is known. */
  async get(key: string): Promise<DueOperation | undefined> {
    const [row] = await this.#session.query<DueRow>({
      name: 'due_operation',
      text: `
        SELECT o.idempotency_key, o.order_id, o.kind, p.currency, o.minor_units,
          o.payment_method_token, (SELECT charge FROM operations
            WHERE order_id = o.order_id AND kind = 'authorize' AND status = 'succeeded') AS charge
        FROM operations AS o JOIN payments AS p USING (order_id)
        WHERE o.idempotency_key = $1 AND o.status IN ('pending', 'unknown') AND p.currency IS NOT NULL`,
      values: [key],
    });
    return row === undefined
      ? undefined
      : {
          key: row.idempotency_key,
          orderId: row.order_id,
          kind: row.kind,
          currency: row.currency,
          minorUnits: BigInt(row.minor_units),
          token: row.payment_method_token ?? undefined,
          charge: row.charge ?? undefined,
        };
  }

  /** Takes some that are due, which no other replica takes then until the lease is over. */
  async claim(limit: number, leaseMs: number): Promise<readonly string[]> {
    const rows = await this.#session.query<{ readonly idempotency_key: string }>({
      name: 'claim_operations',
      text: `
        UPDATE operations SET due_time = clock_timestamp() + $2 * interval '1 millisecond'
        WHERE idempotency_key IN (
          SELECT idempotency_key FROM operations WHERE due_time <= clock_timestamp()
          ORDER BY due_time LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING idempotency_key`,
      values: [limit, leaseMs],
    });
    return rows.map(({ idempotency_key: key }) => key);
  }

  /** Has an operation whose outcome is open asked about later, and later each time. */
  async postpone(key: string, { firstMs, maxMs }: Backoff): Promise<void> {
    await this.#session.query({
      name: 'postpone_operation',
      // A tenth at random, so that what failed together does not come back together.
      text: `
        UPDATE operations SET attempts = attempts + 1, due_time = clock_timestamp()
          + least($2 * 2.0 ^ least(attempts, 30), $3) * (0.95 + random() / 10)
            * interval '1 millisecond'
        WHERE idempotency_key = $1 AND due_time IS NOT NULL`,
      values: [key, firstMs, maxMs],
    });
  }

  async open(): Promise<OpenOperations> {
    const [row] = await this.#session.query<{
      readonly unknown: string;
      readonly age: number | null;
    }>({
      name: 'open_operations_age',
      text: `
        SELECT count(*) AS unknown, extract(epoch FROM now() - min(create_time))::float8 AS age
        FROM operations WHERE due_time IS NOT NULL AND status = 'unknown'`,
    });
    return { unknown: Number(row?.unknown ?? 0), oldestAgeSeconds: row?.age ?? 0 };
  }
}
