import { generateProducts } from '@meridian/catalog/seed/generator.ts';
import type { ProductChange } from '@meridian/search/product-document.ts';
import { productOf, stockOf } from '@meridian/search/testing/products.ts';

/** The first products of the generated catalogue; their ids are their SKUs. */
export function generatedCatalogue(count: number): readonly ProductChange[] {
  return [...generateProducts(count)].map(({ sku, price, stock, ...fields }) => ({
    productId: sku,
    product: productOf(sku, 1, { ...fields, ...price }),
    stock: stockOf(sku, 1, stock),
  }));
}
