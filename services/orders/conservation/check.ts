import { PaymentStatus } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import type { Books } from './books.ts';
import type { Discrepancy } from './discrepancy.ts';
import { ledgerDiscrepancies, ledgerSums } from './ledger-rules.ts';
import { isSettled, isStuck, orderDiscrepancies } from './order-rules.ts';
import { stockDiscrepancies } from './stock-rules.ts';

/** What a check found; amounts are whole minor units, as texts. */
export interface Findings {
  readonly products: number;
  readonly reservations: number;
  readonly orders: number;
  /** Neither confirmed nor cancelled yet; of these only stock and ledger are judged. */
  readonly ordersUnderWay: number;
  readonly payments: number;
  readonly captures: number;
  readonly ledger: readonly { readonly currency: string; readonly sum: string }[];
  readonly discrepancies: readonly Omit<Discrepancy, 'versions'>[];
  /**
   * What was read at two moments between which it changed, each time that it was looked at; and orders that
   * should go on by themselves and have not for minutes.
   */
  readonly unsettled: readonly string[];
}

/** How often books that differ are read again, since the services are not read at one moment. */
const PASSES_MAX = 5;

/**
 * Reads the books until they agree, or what differs stays as it is: a discrepancy counts once it was seen
 * twice in a row with the same versions of everything that it is about.
 */
export async function checkConservation(
  read: () => Promise<Books>,
  pause: () => Promise<void>,
): Promise<Findings> {
  let former: ReadonlySet<string> = new Set();
  for (let pass = 1; ; pass += 1) {
    const books = await read();
    const seen = discrepancies(books);
    const moving = seen.filter((each) => !former.has(identityOf(each)));
    if (moving.length === 0 || pass === PASSES_MAX) {
      return findings(
        books,
        seen.filter((each) => !moving.includes(each)),
        moving,
      );
    }
    former = new Set(seen.map(identityOf));
    await pause();
  }
}

function discrepancies(books: Books): readonly Discrepancy[] {
  return [
    ...stockDiscrepancies(books),
    ...orderDiscrepancies(books),
    ...ledgerDiscrepancies(books),
  ];
}

function identityOf({ about, rule, versions }: Discrepancy): string {
  return `${about} ${rule} ${versions}`;
}

function findings(
  books: Books,
  found: readonly Discrepancy[],
  moving: readonly Discrepancy[],
): Findings {
  const { orders, payments } = books;
  const stuck = orders
    .filter((order) => isStuck(order, Date.now()))
    .map(({ orderId }) => `order ${orderId}`);
  return {
    products: books.stock.length,
    reservations: books.reservations.length,
    orders: orders.length,
    ordersUnderWay: orders.filter((order) => !isSettled(order)).length,
    payments: payments.length,
    captures: payments.filter(
      ({ status }) => status === PaymentStatus.CAPTURED || status === PaymentStatus.REFUNDED,
    ).length,
    ledger: [...ledgerSums(books)]
      .sort()
      .map(([currency, sum]) => ({ currency, sum: String(sum) })),
    discrepancies: found.map(({ about, rule, found: what }) => ({ about, rule, found: what })),
    unsettled: [...new Set([...moving.map(({ about }) => about), ...stuck])].sort(),
  };
}
