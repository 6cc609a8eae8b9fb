import type {
  AdjustStockRequest,
  ProductUpdate,
  UpdateProductRequest,
} from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { ProductChange } from './product-changes.ts';
import type { AskedAdjustment } from './stock-adjustments.ts';
import type { ProductContent } from './store.ts';

/** Stands for every field that can be changed. Source: AIP-134, "Update mask". */
const FULL_MASK = '*';

type ChangedField = Exclude<keyof ProductUpdate, `$${string}`>;

/**
 * What a field that counts makes of the product, given or not: what a product cannot be without stays.
 */
const CHANGES: Readonly<Record<ChangedField, (given: ProductUpdate) => Partial<ProductContent>>> = {
  name: ({ name }) => (name === undefined ? {} : { name }),
  description: ({ description = '' }) => ({ description }),
  category: ({ category }) => (category === undefined ? {} : { category }),
  brand: ({ brand }) => (brand === undefined ? {} : { brand }),
  price: ({ price }) =>
    price === undefined
      ? {}
      : { priceCurrencyCode: price.currencyCode, priceMinorUnits: price.minorUnits },
  attributes: ({ attributes }) => ({ attributes }),
};

/** The change of a product that a request asks for. */
export function askedChange(request: UpdateProductRequest): ProductChange {
  const { productId, product, updateMask, etag } = request;
  // Its contract has it; the type does not know.
  if (product === undefined) throw new Error('a change was checked and is not there');
  const paths = updateMask?.paths ?? [];
  const counts = (field: string): boolean =>
    paths.length > 0
      ? paths.includes(field) || paths.includes(FULL_MASK)
      : isGiven(product[field as ChangedField]);
  const content = Object.entries(CHANGES)
    .filter(([field]) => counts(field))
    .reduce<Partial<ProductContent>>((parts, [, change]) => ({ ...parts, ...change(product) }), {});
  return { productId, content, ...(etag === '' ? {} : { etag }) };
}

/** The change of the units on hand that a request asks for; its contract has it name one. */
export function askedAdjustment(request: AdjustStockRequest): AskedAdjustment {
  const { productId, change, etag } = request;
  return {
    productId,
    change: change.case === 'onHand' ? { onHand: change.value } : { difference: change.value ?? 0 },
    ...(etag === '' ? {} : { etag }),
  };
}

/** Attributes have no presence: none are none given. */
function isGiven(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.keys(value).length > 0
    : value !== undefined;
}
