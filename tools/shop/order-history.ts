import { randomUUID } from 'node:crypto';
import type { EdgeClient } from './edge-client.ts';
import { unexpected } from './open-shop.ts';
import { orderOf } from './orders.ts';
import type { Session } from './shoppers.ts';
import { drawBeside, drawWare } from './wares.ts';
import type { Shelf } from './wares.ts';

/** Orders that somebody is to have. */
export interface History {
  readonly session: Session;
  /** In all, those that are there among them. */
  readonly orders: number;
}

const PAGE_SIZE = 100;
const ITEMS_MAX = 4;
const AT_ONCE = 4;

/**
 * Places orders until everybody has as many as they are to have; those that are there count, so that a
 * repetition places none.
 *
 * @throws {CodedError} EDGE_ANSWER_UNEXPECTED
 */
export async function placeHistory(
  edge: EdgeClient,
  histories: readonly History[],
  shelf: Shelf,
  onProgress: (placed: number) => void,
): Promise<number> {
  let placed = 0;
  const waiting = histories.values();
  const work = async (): Promise<void> => {
    for (const { session, orders } of waiting) {
      for (let there = await countOrders(edge, session); there < orders; there += 1) {
        await place(edge, session, shelf);
        placed += 1;
        onProgress(placed);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return placed;
}

async function countOrders(edge: EdgeClient, { accessToken }: Session): Promise<number> {
  let count = 0;
  for (let token = ''; ;) {
    const path = `/v1/orders?page_size=${PAGE_SIZE}&page_token=${encodeURIComponent(token)}`;
    const answer = await edge.ask({ method: 'GET', path, token: accessToken });
    if (answer.status !== 200) throw unexpected('The list of orders', answer);
    const page = answer.body as { orders?: readonly unknown[]; nextPageToken?: string };
    count += page.orders?.length ?? 0;
    token = page.nextPageToken ?? '';
    if (token === '') return count;
  }
}

async function place(edge: EdgeClient, { accessToken }: Session, shelf: Shelf): Promise<void> {
  const { random } = shelf;
  const first = drawWare(shelf);
  const cart = new Set([first.productId]);
  for (let more = random.integer(0, ITEMS_MAX - 1); more > 0; more -= 1) {
    const other = drawBeside(shelf, first);
    if (other !== undefined) cart.add(other.productId);
  }
  const answer = await edge.ask({
    ...{ method: 'POST', path: '/v1/orders', token: accessToken },
    headers: { 'idempotency-key': `"${randomUUID()}"` },
    body: {
      items: [...cart].map((productId) => ({ productId, quantity: random.integer(1, 3) })),
      paymentMethodToken: 'tok_ok',
    },
  });
  if (orderOf(answer) === undefined) throw unexpected('An order', answer);
}
