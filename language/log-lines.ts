/**
 * Lines of logs by which somebody is told of a purchase, and not only people: what they say, and the fields in which
 * they say it. All of these are ids and names of ours, so that they may be kept (ADR 65).
 */
export const LOG_LINES = {
  /** The saga of an order has decided something, in the trace of whatever made it. */
  sagaWentOn: 'the saga of an order went on',
  /** An event has become an entry of the audit log. */
  eventSealed: 'an event was sealed',
} as const;

/** Fields of `sagaWentOn`; lists have commas. */
export interface SagaLine {
  readonly order_id: string;
  /** Where the saga is now, such as `authorizing`. */
  readonly phase: string;
  /** What the order's customer sees of it, such as `RESERVED`. */
  readonly status: string;
  /** Effects that it asks for, such as `2 AUTHORIZE_PAYMENT`; absent where there are none. */
  readonly asked?: string;
  /** Effects that are over, such as `1 RESERVE_STOCK ACTIVE`; absent where there are none. */
  readonly settled?: string;
}

/** Fields of `eventSealed`. */
export interface SealedLine {
  readonly event_id: string;
  /** Such as `meridian.orders.v1.OrderChanged`. */
  readonly event_type: string;
  /** Index in the log. */
  readonly entry: number;
  /** The order or the request that it belongs to; absent where that is not an id of ours. */
  readonly correlation_id?: string;
}
