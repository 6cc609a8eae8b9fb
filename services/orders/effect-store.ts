import type { Session } from '@meridian/kit/postgres/database.ts';
import { toTimestamp } from '@meridian/kit/rpc/versioned.ts';
import { EffectKind, EffectStatus } from './contract/gen/meridian/orders/v1/orders_pb.js';
import type { OrderEffectSchema } from './contract/gen/meridian/orders/v1/orders_pb.js';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { effectKey } from './saga/state.ts';
import type { EffectName } from './saga/state.ts';

/** An effect that this process has taken to send, with what is said in it. */
export interface TakenEffect {
  readonly orderId: string;
  readonly sequence: number;
  readonly kind: EffectName;
  readonly key: string;
  /** How often it was taken, this time included. */
  readonly attempts: number;
  /** Of a refund. */
  readonly minorUnits: bigint;
  readonly currencyCode: string;
  readonly totalMinorUnits: bigint;
  /** Only for an authorisation. */
  readonly paymentMethodToken: string | undefined;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
  /** The span in which it was decided, as W3C Trace Context writes it; null where that belongs to no trace. */
  readonly traceparent: string | null;
}

/** What waits to be sent. */
export interface EffectBacklog {
  readonly due: number;
  /** Zero if nothing is due. */
  readonly oldestAgeSeconds: number;
  /**
   * Orders that should go on by themselves and were left as they are for longer than a saga takes, and
   * those with an effect that has been open for so long.
   */
  readonly stuckOrders: number;
  /** Ended orders whose money is not what they say. */
  readonly unbalancedOrders: number;
}

interface TakenRow {
  readonly order_id: string;
  readonly sequence: number;
  readonly kind: EffectName;
  readonly attempts: number;
  readonly minor_units: string;
  readonly currency_code: string;
  readonly total_minor_units: string;
  readonly payment_method_token: string | null;
  readonly lines: readonly { readonly product_id: string; readonly quantity: number }[] | null;
  readonly traceparent: string | null;
}

interface EffectRow {
  readonly sequence: number;
  readonly kind: EffectName;
  readonly status: 'DUE' | 'DONE' | 'DROPPED';
  readonly minor_units: string;
  readonly attempts: number;
  readonly order_version: string;
  readonly create_micros: string;
  readonly done_micros: string | null;
  readonly outcome: string;
  readonly currency_code: string;
}

/** The effects of sagas, as those who send them see them. */
export class EffectStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Takes effects that are due, at most `limit`, the oldest first; nobody else does for `leaseMs`, after
   * which whoever comes first takes them again.
   */
  async take(limit: number, leaseMs: number): Promise<readonly TakenEffect[]> {
    const rows = await this.#session.query<TakenRow>({
      name: 'take_effects',
      text: TAKE_EFFECTS,
      values: [limit, leaseMs],
    });
    return rows.map((row) => ({
      orderId: row.order_id,
      sequence: row.sequence,
      kind: row.kind,
      key: effectKey(row.order_id, row.sequence),
      attempts: row.attempts,
      minorUnits: BigInt(row.minor_units),
      currencyCode: row.currency_code,
      totalMinorUnits: BigInt(row.total_minor_units),
      paymentMethodToken: row.payment_method_token ?? undefined,
      lines: (row.lines ?? []).map(({ product_id: productId, quantity }) => ({
        ...{ productId, quantity },
      })),
      traceparent: row.traceparent,
    }));
  }

  /** Has an open effect sent again after so long. */
  async postpone({ orderId, sequence }: TakenEffect, delayMs: number): Promise<void> {
    await this.#session.query({
      name: 'postpone_effect',
      text: `UPDATE order_effects SET due_at = now() + $3 * interval '1 millisecond'
             WHERE order_id = $1 AND sequence = $2 AND status = 'DUE'`,
      values: [orderId, sequence, delayMs],
    });
  }

  /** The effects of an order in the order in which they were decided. */
  async list(orderId: string): Promise<readonly MessageInitShape<typeof OrderEffectSchema>[]> {
    const rows = await this.#session.query<EffectRow>({
      name: 'list_effects',
      text: LIST_EFFECTS,
      values: [orderId],
    });
    return rows.map((row) => ({
      sequence: BigInt(row.sequence),
      kind: EffectKind[row.kind],
      status: EffectStatus[row.status],
      idempotencyKey: effectKey(orderId, row.sequence),
      attempts: row.attempts,
      orderVersion: BigInt(row.order_version),
      createTime: toTimestamp(BigInt(row.create_micros)),
      ...(row.done_micros === null ? {} : { doneTime: toTimestamp(BigInt(row.done_micros)) }),
      outcome: row.outcome,
      ...(row.kind === 'REFUND_PAYMENT'
        ? { amount: { currencyCode: row.currency_code, minorUnits: BigInt(row.minor_units) } }
        : {}),
    }));
  }

  /** Measures what waits; an order is stuck after `stuckMs`. */
  async backlog(stuckMs: number): Promise<EffectBacklog> {
    const [row] = await this.#session.query<Record<'due' | 'age' | 'stuck' | 'unbalanced', number>>(
      { name: 'effect_backlog', text: BACKLOG, values: [stuckMs] },
    );
    return {
      due: row?.due ?? 0,
      oldestAgeSeconds: Math.max(0, row?.age ?? 0),
      stuckOrders: row?.stuck ?? 0,
      unbalancedOrders: row?.unbalanced ?? 0,
    };
  }
}

/** SKIP LOCKED, so that replicas take different ones and wait for nobody. */
const TAKE_EFFECTS = `
  WITH due AS (
    SELECT order_id, sequence FROM order_effects
    WHERE status = 'DUE' AND due_at <= now()
    ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
  ), taken AS (
    UPDATE order_effects AS effect
    SET due_at = now() + $2 * interval '1 millisecond', attempts = effect.attempts + 1
    FROM due WHERE effect.order_id = due.order_id AND effect.sequence = due.sequence
    RETURNING effect.*
  )
  SELECT taken.order_id, taken.sequence, taken.kind, taken.attempts, taken.minor_units,
         taken.traceparent,
         orders.currency_code, orders.total_minor_units,
         CASE WHEN taken.kind = 'AUTHORIZE_PAYMENT' THEN orders.payment_method_token END
           AS payment_method_token,
         CASE WHEN taken.kind = 'RESERVE_STOCK' THEN
           (SELECT jsonb_agg(jsonb_build_object('product_id', product_id, 'quantity', quantity)
                             ORDER BY number)
            FROM order_lines WHERE order_lines.order_id = taken.order_id) END AS lines
  FROM taken JOIN orders ON orders.order_id = taken.order_id
  ORDER BY taken.create_time, taken.sequence`;

const LIST_EFFECTS = `
  SELECT effect.sequence, effect.kind, effect.status, effect.minor_units, effect.attempts,
         effect.order_version, effect.outcome, orders.currency_code,
         (extract(epoch FROM effect.create_time) * 1000000)::bigint AS create_micros,
         (extract(epoch FROM effect.done_time) * 1000000)::bigint AS done_micros
  FROM order_effects AS effect JOIN orders ON orders.order_id = effect.order_id
  WHERE effect.order_id = $1 ORDER BY effect.sequence`;

/** Not by effects alone: what is refused and asked for again is a new one each time. */
const BACKLOG = `
  SELECT count(*) FILTER (WHERE due_at <= now())::int AS due,
         coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE due_at <= now())), 0)::float8
           AS age,
         (SELECT count(*)::int FROM (
            SELECT order_id FROM order_effects
            WHERE status = 'DUE' AND kind <> 'AWAIT_EXPIRY'
              AND create_time < now() - $1 * interval '1 millisecond'
            UNION
            SELECT order_id FROM orders
            WHERE phase NOT IN ('declined', 'confirmed', 'cancelled')
              AND update_time < now() - $1 * interval '1 millisecond'
          ) AS late) AS stuck,
         (SELECT count(*)::int FROM orders
          WHERE (phase = 'confirmed' AND captured_minor_units <> total_minor_units)
             OR (phase = 'cancelled' AND captured_minor_units <> refunded_minor_units)
         ) AS unbalanced
  FROM order_effects WHERE status = 'DUE'`;
