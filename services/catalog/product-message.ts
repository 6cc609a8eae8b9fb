import type { MessageInitShape } from '@bufbuild/protobuf';
import { etagOf, toTimestamp } from '@meridian/kit/rpc/versioned.ts';
import type { ProductInput, ProductSchema } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { GivenProduct } from './product-changes.ts';
import type { ProductContent, ShownProduct, StoredProduct } from './store.ts';

/** A product as shoppers see it. */
export function toProductMessage({
  product,
  available,
}: ShownProduct): MessageInitShape<typeof ProductSchema> {
  const { discontinueTimeMicros } = product;
  return {
    productId: product.productId,
    sku: product.sku,
    name: product.name,
    description: product.description,
    category: product.category,
    brand: product.brand,
    price: { currencyCode: product.priceCurrencyCode, minorUnits: product.priceMinorUnits },
    // What is on hand of a product that is not sold any more cannot be bought.
    stock: discontinueTimeMicros === undefined ? available : 0,
    attributes: { ...product.attributes },
    createTime: toTimestamp(product.createTimeMicros),
    updateTime: toTimestamp(product.updateTimeMicros),
    version: product.version,
    etag: etagOf(product),
    ...(discontinueTimeMicros !== undefined && {
      discontinueTime: toTimestamp(discontinueTimeMicros),
    }),
  };
}

/** A product as its events tell it; its stock tells events of its own. */
export function toToldProduct(product: StoredProduct): MessageInitShape<typeof ProductSchema> {
  return toProductMessage({ product, available: 0 });
}

/** A merchant's product, already checked: what is stored of it, and its stock if it is new. */
export function toGivenProduct(input: ProductInput): GivenProduct {
  return { content: toProductContent(input), onHand: input.stock };
}

/** A merchant's product, already checked, as it is stored. */
export function toProductContent(input: ProductInput): ProductContent {
  return {
    sku: input.sku,
    name: input.name,
    description: input.description,
    category: input.category,
    brand: input.brand,
    priceCurrencyCode: input.price?.currencyCode ?? '',
    priceMinorUnits: input.price?.minorUnits ?? 0n,
    attributes: input.attributes,
  };
}
