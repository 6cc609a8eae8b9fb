import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Amount, Operation, OperationKind } from './payment-state.ts';

/** What the ledger knows money by. */
export type Account = 'provider' | 'sales' | 'refunds';

/** A line of a transaction: a debit if it is positive, a credit if it is negative. */
export interface Entry {
  readonly account: Account;
  readonly minorUnits: bigint;
}

/** What an account holds in a currency: debits less credits. */
export interface Balance extends Amount {
  readonly account: string;
}

/** A transaction of the ledger: what one operation did. */
export interface Posting extends Amount {
  readonly key: string;
  readonly orderId: string;
  readonly kind: 'capture' | 'refund';
}

/** Largest and smallest amount of a message. */
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/**
 * The entries of an operation that moved money: after a capture the provider owes us what we sold, after a
 * refund that much less. What is only set aside is nobody's yet.
 */
export function entriesOf(kind: OperationKind, minorUnits: bigint): readonly Entry[] {
  switch (kind) {
    case 'capture':
      return [
        { account: 'provider', minorUnits },
        { account: 'sales', minorUnits: -minorUnits },
      ];
    case 'refund':
      return [
        { account: 'refunds', minorUnits },
        { account: 'provider', minorUnits: -minorUnits },
      ];
    case 'authorize':
    case 'void':
      return [];
  }
}

/** The ledger in PostgreSQL, which itself sees to it that every transaction sums to zero. */
export class Ledger {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Enters what an operation of an order did. */
  async post(
    orderId: string,
    currency: string,
    { key, kind, minorUnits }: Pick<Operation, 'key' | 'kind' | 'minorUnits'>,
    providerTime: Date,
  ): Promise<void> {
    const entries = entriesOf(kind, minorUnits);
    await this.#session.query({
      name: 'ledger_post',
      text: `
        INSERT INTO ledger_entries
          (transaction_id, account, currency, minor_units, order_id, provider_time)
        SELECT $1, account, $2, minor_units, $3, $4
        FROM unnest($5::text[], $6::bigint[]) AS given (account, minor_units)`,
      values: [
        key,
        currency,
        orderId,
        providerTime,
        entries.map(({ account }) => account),
        entries.map((entry) => entry.minorUnits.toString()),
      ],
    });
  }

  /**
   * What every account holds.
   *
   * @throws {RpcError} OUT_OF_RANGE for a balance that no int64 can hold
   */
  async balances(): Promise<readonly Balance[]> {
    const rows = await this.#session.query<{
      readonly account: string;
      readonly currency: string;
      readonly sum: string;
    }>({
      name: 'ledger_balances',
      text: `
        SELECT account, currency, sum(minor_units)::text AS sum
        FROM ledger_entries GROUP BY account, currency ORDER BY account, currency`,
    });
    return rows.map(({ account, currency, sum }) => {
      const minorUnits = BigInt(sum);
      if (minorUnits > INT64_MAX || minorUnits < INT64_MIN) {
        throw new RpcError(
          'OUT_OF_RANGE',
          `the balance of ${account} in ${currency} is beyond what an int64 holds: ${sum}`,
        );
      }
      return { account, currency, minorUnits };
    });
  }

  /** How far each currency is from zero, which none is. */
  async imbalances(): Promise<ReadonlyMap<string, bigint>> {
    const rows = await this.#session.query<{ readonly currency: string; readonly sum: string }>({
      name: 'ledger_imbalances',
      text: 'SELECT currency, sum(minor_units)::text AS sum FROM ledger_entries GROUP BY currency',
    });
    return new Map(rows.map(({ currency, sum }) => [currency, BigInt(sum)]));
  }

  /** What the ledger has of some operations, and of all that the provider did on a day. */
  async postings(day: string, keys: readonly string[]): Promise<readonly Posting[]> {
    const rows = await this.#session.query<{
      readonly key: string;
      readonly order_id: string;
      readonly kind: 'capture' | 'refund';
      readonly currency: string;
      readonly minor_units: string;
    }>({
      name: 'ledger_postings',
      text: `
        SELECT transaction_id AS key, entry.order_id, kind, currency, abs(entry.minor_units) AS minor_units
        FROM ledger_entries AS entry
        JOIN operations ON idempotency_key = transaction_id
        WHERE account = 'provider' AND (transaction_id = ANY ($2)
          OR (provider_time >= $1::date AT TIME ZONE 'UTC'
            AND provider_time < ($1::date + 1) AT TIME ZONE 'UTC'))
        ORDER BY transaction_id`,
      values: [day, keys],
    });
    return rows.map(({ key, order_id: orderId, kind, currency, minor_units: minorUnits }) => ({
      ...{ key, orderId, kind, currency },
      minorUnits: BigInt(minorUnits),
    }));
  }
}
