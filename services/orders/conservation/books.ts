import type {
  Reservation,
  Stock,
} from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import type { Clients } from '@meridian/kit/clients.ts';
import type {
  Balance,
  Payment,
} from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import type { Order } from '../contract/gen/meridian/orders/v1/orders_pb.js';
import type { conservationCheck } from './task.ts';

/** What the three services say of themselves, each at its own moment. */
export interface Books {
  readonly stock: readonly Stock[];
  readonly reservations: readonly Reservation[];
  readonly orders: readonly Order[];
  readonly payments: readonly Payment[];
  /** Of one moment. */
  readonly balances: readonly Balance[];
}

/** The largest page that the contracts allow. */
const PAGE_SIZE = 1000;

interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

/** A page of something (AIP-158). */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string;
}

/** Reads everything; orders first, since payments and reservations only follow them. */
export async function readBooks(
  { catalog, orders, payments }: Clients<typeof conservationCheck>,
  options: { readonly signal: AbortSignal },
): Promise<Books> {
  const placed = await everyPage(async (page) => {
    const { orders: items, nextPageToken: next } = await orders.listAllOrders(page, options);
    return { items, next };
  });
  const [paid, reserved, stock, { balances }] = await Promise.all([
    everyPage(async (page) => {
      const { payments: items, nextPageToken: next } = await payments.listPayments(page, options);
      return { items, next };
    }),
    everyPage(async (page) => {
      const answer = await catalog.listReservations(page, options);
      return { items: answer.reservations, next: answer.nextPageToken };
    }),
    everyPage(async (page) => {
      const { stock: items, nextPageToken: next } = await catalog.listStock(page, options);
      return { items, next };
    }),
    payments.listBalances({}, options),
  ]);
  return { orders: placed, payments: paid, reservations: reserved, stock, balances };
}

async function everyPage<Item>(
  list: (page: PageRequest) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let pageToken = ''; ;) {
    const { items, next } = await list({ pageSize: PAGE_SIZE, pageToken });
    all.push(...items);
    if (next === '') return all;
    pageToken = next;
  }
}
