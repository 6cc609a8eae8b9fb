import type { Product } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import {
  BadRequestSchema,
  ErrorInfoSchema,
} from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import {
  detail,
  ERROR_DOMAIN,
  ERROR_REASONS,
  errorWithDetails,
  errorWithReason,
} from '@meridian/kit/rpc/error-details.ts';
import { FieldViolations, quote } from '@meridian/kit/rpc/field-violations.ts';
import type { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { CreateOrderRequest } from './contract/gen/meridian/orders/v1/orders_pb.js';
import type { Peers } from './effect-calls.ts';
import { isOrderId } from './order-id.ts';
import { MINOR_UNITS_MAX, QUANTITY_MAX } from './request-limits.ts';
import type { NewOrder, StoredLine } from './stored-order.ts';

/** What an order costs at the catalogue's present prices. */
export type PricedOrder = Pick<NewOrder, 'currencyCode' | 'totalMinorUnits' | 'lines'>;

/** Asking for prices may take so long: the customer waits for it. */
const PRICES_TIMEOUT_MS = 2_000;

/**
 * Prices an order, on behalf of whoever places it. Items of one product are one line.
 *
 * @throws {RpcError} FAILED_PRECONDITION with the reason ITEMS_NOT_SELLABLE and each item that cannot be
 *   sold; ABORTED with the reason TOTAL_DIFFERS and the total if the
 *   customer was shown another one
 */
export async function priceOrder(
  { items, expectedTotal }: CreateOrderRequest,
  catalog: Pick<Peers['catalog'], 'batchGetProducts'>,
): Promise<PricedOrder> {
  const asked = linesOf(items);
  // No other text is the id of a product.
  const productIds = asked.map(({ productId }) => productId).filter(isOrderId);
  const { products } =
    productIds.length === 0
      ? { products: [] }
      : await catalog.batchGetProducts({ productIds }, { timeoutMs: PRICES_TIMEOUT_MS });
  const byId = new Map(products.map((product) => [product.productId, product]));
  const violations = new FieldViolations();
  const currencyCode = byId.get(items[0]?.productId ?? '')?.price?.currencyCode ?? '';
  const lines = asked.flatMap(({ productId, quantity, index }): readonly StoredLine[] => {
    if (quantity > QUANTITY_MAX) {
      const rule = `must be at most ${QUANTITY_MAX} of a product in all`;
      violations.add(`items[${index}].quantity`, `${rule}, got ${quantity}`);
    }
    const product = byId.get(productId);
    const why = unsellable(product, currencyCode);
    if (why !== undefined || product === undefined) {
      violations.add(`items[${index}].product_id`, why ?? '');
      return [];
    }
    const { name, price } = product;
    return [{ productId, name, quantity, unitMinorUnits: price?.minorUnits ?? 0n }];
  });
  if (violations.found.length > 0) throw notSellable(violations);
  const totalMinorUnits = lines.reduce(
    (sum, { quantity, unitMinorUnits }) => sum + BigInt(quantity) * unitMinorUnits,
    0n,
  );
  if (totalMinorUnits < 1n || totalMinorUnits > MINOR_UNITS_MAX) {
    violations.add('items', 'must cost something that can be paid, got a sum that cannot');
    throw notSellable(violations);
  }
  if (
    expectedTotal !== undefined &&
    (expectedTotal.currencyCode !== currencyCode || expectedTotal.minorUnits !== totalMinorUnits)
  ) {
    throw errorWithReason(
      'ABORTED',
      ERROR_REASONS.totalDiffers,
      `The total is ${totalMinorUnits} minor units of ${currencyCode} now, not ${expectedTotal.minorUnits} of ${expectedTotal.currencyCode}; show it and order again`,
      { currencyCode, minorUnits: String(totalMinorUnits) },
    );
  }
  return { currencyCode, totalMinorUnits, lines };
}

/** One for each product, with the index of the item that names it first. */
function linesOf(items: CreateOrderRequest['items']) {
  const lines = new Map<string, { productId: string; quantity: number; index: number }>();
  for (const [index, { productId, quantity }] of items.entries()) {
    const line = lines.get(productId);
    if (line === undefined) lines.set(productId, { productId, quantity, index });
    else line.quantity += quantity;
  }
  return [...lines.values()];
}

function unsellable(product: Product | undefined, currencyCode: string): string | undefined {
  if (product === undefined) return 'must be a product that there is';
  if (product.discontinueTime !== undefined)
    return 'must be sold still, got a discontinued product';
  const currency = product.price?.currencyCode ?? '';
  // A first that there is not has no currency, and makes none of the others a wrong one.
  return currencyCode === '' || currency === currencyCode
    ? undefined
    : `must be priced in the currency of the first, got ${quote(currency)}`;
}

function notSellable(violations: FieldViolations): RpcError {
  return errorWithDetails(
    'FAILED_PRECONDITION',
    `These items cannot be sold as one order now: ${violations.summary()}`,
    [
      detail(ErrorInfoSchema, { reason: ERROR_REASONS.itemsNotSellable, domain: ERROR_DOMAIN }),
      detail(BadRequestSchema, { fieldViolations: [...violations.found] }),
    ],
  );
}
