import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ProductSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { Product } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { StockSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import type { Stock } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';

/** What a test says of a product; all else is like any other's. */
export interface ProductGiven {
  readonly name?: string;
  readonly description?: string;
  readonly category?: string;
  readonly brand?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly currencyCode?: string;
  readonly minorUnits?: bigint;
  readonly discontinued?: boolean;
}

/** A product of that version. */
export function productOf(productId: string, version: number, given: ProductGiven = {}): Product {
  const { currencyCode = 'EUR', minorUnits = 1_000n, discontinued = false, ...fields } = given;
  return create(ProductSchema, {
    productId,
    sku: productId,
    name: `Product ${productId} ${version}`,
    category: 'kitchen',
    brand: 'Northwind',
    ...fields,
    attributes: { ...fields.attributes },
    price: { currencyCode, minorUnits },
    version: BigInt(version),
    ...(discontinued ? { discontinueTime: timestampFromDate(new Date(0)) } : {}),
  });
}

/** Stock of that version. */
export function stockOf(productId: string, version: number, onHand: number): Stock {
  return create(StockSchema, { productId, onHand, version: BigInt(version) });
}
