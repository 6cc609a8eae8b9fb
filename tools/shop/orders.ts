import type { Edge, EdgeAnswer, EdgeRequest } from './edge-client.ts';

/** What is read of an order. */
export interface Order {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly etag: string;
}

export type OrderStatus =
  | 'ORDER_STATUS_PENDING'
  | 'ORDER_STATUS_RESERVED'
  | 'ORDER_STATUS_PAYMENT_DECLINED'
  | 'ORDER_STATUS_PAID'
  | 'ORDER_STATUS_CONFIRMED'
  | 'ORDER_STATUS_CANCELLING'
  | 'ORDER_STATUS_CANCELLED';

/** Whether nothing is under way for it any more. */
export function isOver(status: OrderStatus): boolean {
  return status === 'ORDER_STATUS_CONFIRMED' || status === 'ORDER_STATUS_CANCELLED';
}

/** How long one question waits for the next change (RFC 7240 section 4.3). */
const WAIT_SECONDS = 20;
/** The answer comes a little later than the wait ends. */
const WAIT_TIMEOUT_MS = (WAIT_SECONDS + 5) * 1000;

/** Gets an order; with an etag, at its next change or when the wait is over. */
export async function getOrder(
  edge: Edge,
  orderId: string,
  token: string,
  etag?: string,
): Promise<EdgeAnswer> {
  const path = `/v1/orders/${orderId}`;
  if (etag === undefined) return await edge.ask({ method: 'GET', path, token });
  return await edge.ask({
    ...{ method: 'GET', path, token, timeoutMs: WAIT_TIMEOUT_MS },
    headers: { 'if-none-match': `"${etag}"`, prefer: `wait=${WAIT_SECONDS}` },
  });
}

/**
 * Places an order and waits, as a client does, until nothing is under way for it, or until it waits for
 * another means of payment.
 */
export async function followed(
  edge: Edge,
  request: EdgeRequest,
): Promise<Order | { readonly failed: string }> {
  let answer = await edge.ask(request);
  for (;;) {
    const now = orderOf(answer);
    if (now === undefined) {
      return { failed: answer.status === undefined ? answer.broken : String(answer.status) };
    }
    if (isOver(now.status) || now.status === 'ORDER_STATUS_PAYMENT_DECLINED') return now;
    const later = await getOrder(edge, now.orderId, request.token ?? '', now.etag);
    if (later.status !== 304) answer = later;
  }
}

/** The order in an answer, if there is one. */
export function orderOf(answer: EdgeAnswer): Order | undefined {
  if (answer.status !== 200 && answer.status !== 201) return undefined;
  return answer.body as Order;
}
