import { currentScope } from '@meridian/kit/call-scope.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import { formatTraceparent } from '@meridian/kit/telemetry/tracing.ts';
import { PHASES_WITH_TOKEN } from './saga/phases.ts';
import type { Decision } from './saga/decide.ts';
import type { OpenEffect } from './saga/state.ts';
import { fromRow, ORDER_COLUMNS } from './stored-order.ts';
import type { NewOrder, OrderRow, StoredOrder } from './stored-order.ts';

/** Which page of an account's orders. */
export interface AccountPage {
  readonly accountId: string;
  /** The last order of the page before. @default the first page */
  readonly beforeOrderId?: string;
  readonly limit: number;
}

/** What a decision changes beside the saga. */
export interface Beside {
  /** Of a cancel. @default what it was */
  readonly cancelReason?: string | undefined;
  /** Of another attempt to pay. @default what it was, as long as it is needed */
  readonly paymentMethodToken?: string | undefined;
}

interface OpenRow {
  readonly sequence: number;
  readonly kind: OpenEffect['kind'];
  readonly minor_units: string;
}

const SELECT_ORDER = `SELECT ${ORDER_COLUMNS} FROM orders AS stored`;

/** The orders in PostgreSQL, and the effects that their sagas decide. */
export class OrderStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The order with this id, without its open effects; undefined if there is none. */
  async get(orderId: string): Promise<StoredOrder | undefined> {
    const [row] = await this.#session.query<OrderRow>({
      name: 'get_order',
      text: `${SELECT_ORDER} WHERE order_id = $1`,
      values: [orderId],
    });
    return row && fromRow(row);
  }

  /** The same with its open effects, locked until the transaction ends. */
  async lock(orderId: string): Promise<StoredOrder | undefined> {
    const [row] = await this.#session.query<OrderRow>({
      name: 'lock_order',
      text: `${SELECT_ORDER} WHERE order_id = $1 FOR UPDATE OF stored`,
      values: [orderId],
    });
    if (row === undefined) return undefined;
    // A statement of its own: one that had to wait for the lock sees other tables as they were before.
    const open = await this.#session.query<OpenRow>({
      name: 'open_effects',
      text: `SELECT sequence, kind, minor_units FROM order_effects
             WHERE order_id = $1 AND status = 'DUE' ORDER BY sequence`,
      values: [orderId],
    });
    const effects = open.map(({ sequence, kind, minor_units: minorUnits }) => ({
      ...{ sequence, kind, minorUnits: BigInt(minorUnits) },
    }));
    return fromRow(row, effects);
  }

  /** An account's orders, newest first. */
  async list({ accountId, beforeOrderId, limit }: AccountPage): Promise<readonly StoredOrder[]> {
    const further = beforeOrderId === undefined ? '' : 'AND order_id < $3';
    const rows = await this.#session.query<OrderRow>({
      name: beforeOrderId === undefined ? 'list_orders' : 'list_orders_before',
      text: `${SELECT_ORDER} WHERE account_id = $1 ${further} ORDER BY order_id DESC LIMIT $2`,
      values: [accountId, limit, ...(beforeOrderId === undefined ? [] : [beforeOrderId])],
    });
    return rows.map((row) => fromRow(row));
  }

  /** All orders by id. */
  async listAll(limit: number, afterOrderId?: string): Promise<readonly StoredOrder[]> {
    const rows = await this.#session.query<OrderRow>({
      name: afterOrderId === undefined ? 'list_all_orders' : 'list_all_orders_after',
      text: `${SELECT_ORDER} ${afterOrderId === undefined ? '' : 'WHERE order_id > $2'}
             ORDER BY order_id LIMIT $1`,
      values: [limit, ...(afterOrderId === undefined ? [] : [afterOrderId])],
    });
    return rows.map((row) => fromRow(row));
  }

  /** Stores an order that was just placed, and its first effect. */
  async insert(order: NewOrder, { saga, asked }: Decision): Promise<StoredOrder> {
    const { orderId, accountId, currencyCode, lines, paymentMethodToken } = order;
    await this.#session.query({
      name: 'insert_order',
      text: `INSERT INTO orders (order_id, account_id, phase, currency_code, total_minor_units,
                                 payment_method_token, last_sequence)
             VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        ...[orderId, accountId, saga.phase, currencyCode, order.totalMinorUnits.toString()],
        ...[paymentMethodToken, saga.lastSequence],
      ],
    });
    await this.#session.query({
      name: 'insert_order_lines',
      text: `INSERT INTO order_lines (order_id, number, product_id, name, quantity, unit_minor_units)
             SELECT $1, number, product_id, name, quantity, unit_minor_units
             FROM unnest($2::uuid[], $3::text[], $4::integer[], $5::bigint[])
               WITH ORDINALITY AS given (product_id, name, quantity, unit_minor_units, number)`,
      values: [
        orderId,
        lines.map(({ productId }) => productId),
        lines.map(({ name }) => name),
        lines.map(({ quantity }) => quantity),
        lines.map(({ unitMinorUnits }) => unitMinorUnits.toString()),
      ],
    });
    await this.#ask(orderId, 1n, asked);
    const stored = await this.get(orderId);
    if (stored === undefined) throw new Error('An order that was just stored is not there');
    return { ...stored, saga };
  }

  /** Stores what a decision makes of a locked order. */
  async update(before: StoredOrder, decision: Decision, beside: Beside): Promise<StoredOrder> {
    const { saga, settled, asked, visible } = decision;
    const { orderId } = saga;
    const version = before.version + (visible ? 1n : 0n);
    // A cancel that changes nothing leaves the words of the first.
    const cancelReason = visible
      ? (beside.cancelReason ?? before.cancelReason)
      : before.cancelReason;
    const [row] = await this.#session.query<{ readonly update_time_micros: string }>({
      name: 'update_order',
      text: UPDATE_ORDER,
      values: [
        ...[orderId, saga.phase, saga.capturedMinorUnits.toString()],
        ...[saga.refundedMinorUnits.toString(), saga.declineCode, saga.cancelCause ?? null],
        cancelReason,
        beside.paymentMethodToken ?? null,
        PHASES_WITH_TOKEN.has(saga.phase),
        ...[saga.paymentVersion.toString(), saga.lastAttempt, saga.lastSequence],
        ...[version.toString(), visible, saga.refundDeclineCode, saga.undoRefusals],
      ],
    });
    if (settled.length > 0) {
      await this.#session.query({
        name: 'settle_effects',
        text: SETTLE_EFFECTS,
        values: [
          orderId,
          settled.map(({ sequence }) => sequence),
          settled.map(({ status }) => status),
          settled.map(({ outcome }) => outcome),
        ],
      });
    }
    if (asked.length > 0) await this.#ask(orderId, version, asked);
    return {
      ...before,
      saga,
      cancelReason,
      updateTimeMicros: BigInt(row?.update_time_micros ?? before.updateTimeMicros),
      version,
    };
  }

  async #ask(orderId: string, version: bigint, asked: Decision['asked']): Promise<void> {
    const span = currentScope()?.span;
    await this.#session.query({
      name: 'ask_effects',
      text: ASK_EFFECTS,
      values: [
        orderId,
        version.toString(),
        asked.map(({ sequence }) => sequence),
        asked.map(({ kind }) => kind),
        asked.map(({ minorUnits }) => minorUnits.toString()),
        asked.map(({ dueAtMs }) => dueAtMs ?? null),
        asked.map(({ delayMs }) => delayMs),
        span === undefined ? null : formatTraceparent(span),
      ],
    });
  }
}

const UPDATE_ORDER = `
  UPDATE orders SET
    phase = $2, captured_minor_units = $3, refunded_minor_units = $4, decline_code = $5,
    cancel_cause = $6, cancel_reason = $7,
    payment_method_token = CASE WHEN $9::boolean THEN coalesce($8, payment_method_token) END,
    payment_version = $10, last_attempt = $11, last_sequence = $12, version = $13,
    refund_decline_code = $15, undo_refusals = $16,
    update_time = CASE WHEN $14::boolean THEN greatest(now(), update_time) ELSE update_time END
  WHERE order_id = $1
  RETURNING (extract(epoch FROM update_time) * 1000000)::bigint AS update_time_micros`;

const SETTLE_EFFECTS = `
  UPDATE order_effects AS effect
  SET status = given.status, outcome = given.outcome, done_time = now()
  FROM unnest($2::integer[], $3::text[], $4::text[]) AS given (sequence, status, outcome)
  WHERE effect.order_id = $1 AND effect.sequence = given.sequence AND effect.status = 'DUE'`;

const ASK_EFFECTS = `
  INSERT INTO order_effects
    (order_id, sequence, kind, minor_units, order_version, due_at, traceparent)
  SELECT $1, sequence, kind, minor_units, $2::bigint,
         coalesce(to_timestamp(due_ms / 1000.0), now()) + delay_ms * interval '1 millisecond',
         $8::text
  FROM unnest($3::integer[], $4::text[], $5::bigint[], $6::float8[], $7::integer[])
    AS given (sequence, kind, minor_units, due_ms, delay_ms)`;
