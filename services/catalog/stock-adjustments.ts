import { currentScope } from '@meridian/kit/call-scope.ts';
import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Transaction } from '@meridian/kit/postgres/database.ts';
import { ERROR_REASONS, errorWithReason } from '@meridian/kit/rpc/error-details.ts';
import { quote } from '@meridian/kit/rpc/field-violations.ts';
import type { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { etagOf } from '@meridian/kit/rpc/versioned.ts';
import { stockEvent } from './events-of.ts';
import { productNotFound } from './product-changes.ts';
import { isProductId } from './product-id.ts';
import { ON_HAND_MAX } from './stock-limits.ts';
import { StockStore } from './stock-store.ts';
import type { StoredStock } from './stock-store.ts';
import { catalogEvents } from './topics.ts';

/** A change of the units on hand that a merchant asks for, already checked. */
export interface AskedAdjustment {
  readonly productId: string;
  readonly change: { readonly difference: number } | { readonly onHand: number };
  /** The etag that the stock must have. @default any */
  readonly etag?: string;
}

/**
 * Changes the units on hand within a transaction, with the movement and the event of it. Units that are
 * there already change nothing.
 *
 * @throws {RpcError} NOT_FOUND; ABORTED if the stock has another etag; FAILED_PRECONDITION if fewer
 *   units would be on hand than are reserved, or more than can be counted.
 */
export async function adjustStock(
  transaction: Transaction,
  outbox: Outbox<typeof catalogEvents>,
  { productId, change, etag }: AskedAdjustment,
): Promise<StoredStock> {
  const store = new StockStore(transaction);
  const [before] = isProductId(productId) ? await store.lock([productId]) : [];
  if (before === undefined) throw productNotFound(productId);
  refuseOtherEtag(before, etag);
  const onHand = 'onHand' in change ? change.onHand : before.onHand + change.difference;
  if (onHand < before.reserved) throw belowReserved(before, onHand);
  if (onHand > ON_HAND_MAX) throw aboveMaximum(before, onHand);
  const difference = onHand - before.onHand;
  if (difference === 0) return before;
  const after = await store.adjust({
    productId,
    difference,
    // Units that were counted, or are gone, did not arrive.
    kind: 'onHand' in change || difference < 0 ? 'corrected' : 'received',
    reference: currentScope()?.cause?.id ?? 'adjusted',
  });
  await outbox.add(transaction, catalogEvents, [stockEvent(after)]);
  return after;
}

function refuseOtherEtag(stock: StoredStock, etag: string | undefined): void {
  const current = etagOf(stock);
  if (etag === undefined || etag === current) return;
  throw errorWithReason(
    'ABORTED',
    ERROR_REASONS.etagMismatch,
    `The stock has changed: its etag is ${quote(current)}, not ${quote(etag)}; read it again`,
  );
}

function belowReserved({ productId, reserved }: StoredStock, onHand: number): RpcError {
  return errorWithReason(
    'FAILED_PRECONDITION',
    ERROR_REASONS.stockReserved,
    `Of product ${quote(productId)} ${reserved} units are reserved, so there cannot be ${onHand}${reserved > 0 ? '; wait for the orders, or let them be cancelled' : ''}`,
  );
}

/** More units than the contract can say, or PostgreSQL would keep. */
export function aboveMaximum(
  { productId }: Pick<StoredStock, 'productId'>,
  onHand: number,
): RpcError {
  return errorWithReason(
    'FAILED_PRECONDITION',
    ERROR_REASONS.stockAboveMaximum,
    `Of product ${quote(productId)} at most ${ON_HAND_MAX} units can be on hand, not ${onHand}`,
  );
}
