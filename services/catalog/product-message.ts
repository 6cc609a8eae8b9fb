import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ProductInput, ProductSchema } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { ProductContent, StoredProduct } from './store.ts';

const MICROS_PER_SECOND = 1_000_000n;
const NANOS_PER_MICRO = 1000n;

/** A stored product as the contract's message. */
export function toProductMessage(product: StoredProduct): MessageInitShape<typeof ProductSchema> {
  return {
    productId: product.productId,
    sku: product.sku,
    name: product.name,
    description: product.description,
    category: product.category,
    brand: product.brand,
    price: { currencyCode: product.priceCurrencyCode, minorUnits: product.priceMinorUnits },
    stock: product.stock,
    attributes: { ...product.attributes },
    createTime: toTimestamp(product.createTimeMicros),
    updateTime: toTimestamp(product.updateTimeMicros),
    version: product.version,
    etag: etagOf(product),
  };
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
    stock: input.stock,
    attributes: input.attributes,
  };
}

/** Opaque, another for each version. The version alone would repeat after the database was wiped; the time of the change does not. */
export function etagOf(product: StoredProduct): string {
  return `${product.version}-${product.updateTimeMicros.toString(36)}`;
}

function toTimestamp(micros: bigint): { seconds: bigint; nanos: number } {
  return {
    seconds: micros / MICROS_PER_SECOND,
    nanos: Number((micros % MICROS_PER_SECOND) * NANOS_PER_MICRO),
  };
}
