import { quote } from '@meridian/kit/rpc/field-violations.ts';
import type { FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import type {
  AdjustStockRequest,
  BatchGetProductsRequest,
  ReserveStockRequest,
} from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { isUuid } from './product-id.ts';
import {
  BATCH_GET_MAX,
  LINES_MAX,
  LINE_QUANTITY_MAX,
  STOCK_PAGE_SIZE_DEFAULT,
  STOCK_PAGE_SIZE_MAX,
} from './request-limits.ts';
import type { AskedAdjustment } from './stock-adjustments.ts';
import type { Line } from './stock-store.ts';
import { checkProductId } from './validate-read.ts';

/** The ids to get; what is wrong is noted. */
export function checkBatchGet(
  { productIds }: BatchGetProductsRequest,
  violations: FieldViolations,
): void {
  const count = productIds.length;
  if (count < 1 || count > BATCH_GET_MAX) {
    violations.add('product_ids', `must have 1 to ${BATCH_GET_MAX} entries, got ${count}`);
    return;
  }
  productIds.forEach((productId, index) => {
    checkProductId({ productId }, violations, `product_ids[${index}]`);
  });
  refuseTwice(productIds, 'product_ids', '', violations);
}

/** The change to make; what is wrong is noted, and the result then means nothing. */
export function readAdjustStock(
  request: AdjustStockRequest,
  violations: FieldViolations,
): AskedAdjustment {
  const { productId, change, etag } = request;
  checkProductId(request, violations);
  const asked = { productId, ...(etag === '' ? {} : { etag }) };
  switch (change.case) {
    case 'difference':
      if (change.value === 0) violations.add('difference', 'must not be 0');
      return { ...asked, change: { difference: change.value } };
    case 'onHand':
      if (change.value < 0) violations.add('on_hand', `must not be negative, got ${change.value}`);
      if (etag === '') violations.add('etag', 'must be that of the stock that was counted');
      return { ...asked, change: { onHand: change.value } };
    default:
      violations.add('difference', 'must be given, or on_hand with the etag');
      return { ...asked, change: { difference: 0 } };
  }
}

/** The lines to reserve; what is wrong is noted, and the result then means nothing. */
export function readReserveStock(
  request: ReserveStockRequest,
  violations: FieldViolations,
): readonly Line[] {
  checkReservationId(request, violations);
  const { lines } = request;
  if (lines.length < 1 || lines.length > LINES_MAX) {
    violations.add('lines', `must have 1 to ${LINES_MAX} entries, got ${lines.length}`);
    return [];
  }
  lines.forEach(({ productId, quantity }, index) => {
    checkProductId({ productId }, violations, `lines[${index}].product_id`);
    if (quantity < 1 || quantity > LINE_QUANTITY_MAX) {
      violations.add(
        `lines[${index}].quantity`,
        `must be 1 to ${LINE_QUANTITY_MAX}, got ${quantity}`,
      );
    }
  });
  const productIds = lines.map(({ productId }) => productId);
  refuseTwice(productIds, 'lines', '.product_id', violations);
  return lines;
}

/** Notes what is wrong with the id in a request about one reservation. */
export function checkReservationId(
  { reservationId }: { readonly reservationId: string },
  violations: FieldViolations,
): void {
  if (isUuid(reservationId)) return;
  violations.add('reservation_id', `must be a UUID in lower case, got ${quote(reservationId)}`);
}

/** The size of a page of stock or reservations; what is wrong is noted. */
export function readStockPageSize(
  { pageSize }: { readonly pageSize: number },
  violations: FieldViolations,
): number {
  if (pageSize < 0 || pageSize > STOCK_PAGE_SIZE_MAX) {
    violations.add(
      'page_size',
      `must be 1 to ${STOCK_PAGE_SIZE_MAX}, or 0 for the default of ${STOCK_PAGE_SIZE_DEFAULT}, got ${pageSize}`,
    );
  }
  return pageSize === 0 ? STOCK_PAGE_SIZE_DEFAULT : pageSize;
}

function refuseTwice(
  values: readonly string[],
  field: string,
  rest: string,
  violations: FieldViolations,
): void {
  const first = new Map<string, number>();
  values.forEach((value, index) => {
    const known = first.get(value);
    if (known === undefined) first.set(value, index);
    else {
      violations.add(
        `${field}[${index}]${rest}`,
        `${quote(value)} is in ${field}[${known}] already`,
      );
    }
  });
}
