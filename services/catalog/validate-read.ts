import type {
  GetProductRequest,
  ListProductsRequest,
} from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { quote, type FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import { decodePageToken } from './page-token.ts';
import {
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
  PRODUCT_ID_LENGTH_MAX,
  PRODUCT_ID_PATTERN,
} from './request-limits.ts';
import { checkCategory } from './validate-import.ts';

/** A request for a page, checked and with its defaults filled in. */
export interface PageRequest {
  readonly pageSize: number;
  /** Empty for all categories. */
  readonly category: string;
  readonly afterProductId: string | undefined;
}

/** Checks a request for a page; what is wrong is noted, and the result then means nothing. */
export function readListProducts(
  request: ListProductsRequest,
  violations: FieldViolations,
): PageRequest {
  const { pageSize, pageToken, category } = request;
  if (pageSize < 0 || pageSize > PAGE_SIZE_MAX) {
    violations.add(
      'page_size',
      `must be 1 to ${PAGE_SIZE_MAX}, or 0 for the default of ${PAGE_SIZE_DEFAULT}, got ${pageSize}`,
    );
  }
  if (category !== '') checkCategory(category, 'category', violations);
  let afterProductId: string | undefined;
  if (pageToken !== '') {
    afterProductId = decodePageToken(pageToken, category);
    if (afterProductId === undefined) {
      violations.add(
        'page_token',
        `must be the next_page_token of a previous answer for the same category, got ${quote(pageToken)}`,
      );
    }
  }
  return { pageSize: pageSize === 0 ? PAGE_SIZE_DEFAULT : pageSize, category, afterProductId };
}

/** Notes what is wrong with the id in a request about one product. */
export function checkProductId(
  { productId }: Pick<GetProductRequest, 'productId'>,
  violations: FieldViolations,
  field = 'product_id',
): void {
  if (productId.length > PRODUCT_ID_LENGTH_MAX || !PRODUCT_ID_PATTERN.test(productId)) {
    violations.add(
      field,
      `must be 1 to ${PRODUCT_ID_LENGTH_MAX} letters, digits, '-' or '_', got ${quote(productId)}`,
    );
  }
}
