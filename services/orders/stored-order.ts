import type { CauseName } from './saga/phases.ts';
import type { Saga } from './saga/state.ts';

/** A line as it is stored. */
export interface StoredLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitMinorUnits: bigint;
}

/** An order as it is stored: what its saga decides by, and the rest. */
export interface StoredOrder {
  readonly saga: Saga;
  readonly accountId: string;
  readonly currencyCode: string;
  /** In the order in which they were asked for. */
  readonly lines: readonly StoredLine[];
  readonly cancelReason: string;
  /** Microseconds since 1970, PostgreSQL's own precision. */
  readonly createTimeMicros: bigint;
  /** Microseconds since 1970. */
  readonly updateTimeMicros: bigint;
  readonly version: bigint;
}

/** What there is of an order before it is stored. */
export interface NewOrder {
  readonly orderId: string;
  readonly accountId: string;
  readonly currencyCode: string;
  readonly totalMinorUnits: bigint;
  readonly lines: readonly StoredLine[];
  /** Never logged and never in an event; gone once its authorisation is answered. */
  readonly paymentMethodToken: string;
}

/** A row of the table `orders` as pg gives it: bigint as text, lines as JSON. */
export interface OrderRow {
  readonly order_id: string;
  readonly account_id: string;
  readonly phase: Saga['phase'];
  readonly currency_code: string;
  readonly total_minor_units: string;
  readonly captured_minor_units: string;
  readonly refunded_minor_units: string;
  readonly decline_code: string;
  readonly refund_decline_code: string;
  readonly undo_refusals: number;
  readonly cancel_cause: CauseName | null;
  readonly cancel_reason: string;
  readonly payment_version: string;
  readonly last_attempt: number;
  readonly last_sequence: number;
  readonly version: string;
  readonly create_time_micros: string;
  readonly update_time_micros: string;
  readonly lines: readonly LineJson[];
}

interface LineJson {
  readonly product_id: string;
  readonly name: string;
  readonly quantity: number;
  /** As text: JSON's numbers end at 2^53. */
  readonly unit_minor_units: string;
}

/** Everything of an order but the token and its effects. */
export const ORDER_COLUMNS = `
  stored.order_id, stored.account_id, stored.phase, stored.currency_code, stored.total_minor_units,
  stored.captured_minor_units, stored.refunded_minor_units, stored.decline_code,
  stored.refund_decline_code, stored.undo_refusals, stored.cancel_cause,
  stored.cancel_reason, stored.payment_version, stored.last_attempt, stored.last_sequence, stored.version,
  (extract(epoch FROM stored.create_time) * 1000000)::bigint AS create_time_micros,
  (extract(epoch FROM stored.update_time) * 1000000)::bigint AS update_time_micros,
  (SELECT jsonb_agg(jsonb_build_object('product_id', product_id, 'name', name, 'quantity', quantity,
            'unit_minor_units', unit_minor_units::text) ORDER BY number)
   FROM order_lines WHERE order_lines.order_id = stored.order_id) AS lines`;

/** An order from its row; the open effects are other rows. */
export function fromRow(row: OrderRow, open: Saga['open'] = []): StoredOrder {
  return {
    saga: {
      orderId: row.order_id,
      phase: row.phase,
      totalMinorUnits: BigInt(row.total_minor_units),
      capturedMinorUnits: BigInt(row.captured_minor_units),
      refundedMinorUnits: BigInt(row.refunded_minor_units),
      declineCode: row.decline_code,
      refundDeclineCode: row.refund_decline_code,
      undoRefusals: row.undo_refusals,
      cancelCause: row.cancel_cause ?? undefined,
      paymentVersion: BigInt(row.payment_version),
      lastAttempt: row.last_attempt,
      lastSequence: row.last_sequence,
      open,
    },
    accountId: row.account_id,
    currencyCode: row.currency_code,
    lines: row.lines.map((line) => ({
      productId: line.product_id,
      name: line.name,
      quantity: line.quantity,
      unitMinorUnits: BigInt(line.unit_minor_units),
    })),
    cancelReason: row.cancel_reason,
    createTimeMicros: BigInt(row.create_time_micros),
    updateTimeMicros: BigInt(row.update_time_micros),
    version: BigInt(row.version),
  };
}
