import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { FieldViolations, quote } from './field-violations.ts';
import { invalidArgument } from './invalid-argument.ts';
import { encodePageToken } from './page-token.ts';
import { isProductId } from './product-id.ts';
import { toProductContent, toProductMessage } from './product-message.ts';
import type { ProductStore, StoredProduct } from './store.ts';
import { checkImportProducts } from './validate-import.ts';
import { checkGetProduct, readListProducts } from './validate-read.ts';

/** Catalog's methods over a store. A request that breaks the contract gets INVALID_ARGUMENT. */
export function catalogHandlers(store: ProductStore): Handlers<typeof CatalogService> {
  return {
    async listProducts(request) {
      const violations = new FieldViolations();
      const page = readListProducts(request, violations);
      refuseIfInvalid(violations);
      const { category, afterProductId } = page;
      // One more than asked for tells whether there is a next page.
      const found = await store.list({
        limit: page.pageSize + 1,
        ...(category === '' ? {} : { category }),
        ...(afterProductId === undefined ? {} : { afterProductId }),
      });
      const products = found.slice(0, page.pageSize);
      const last = products.at(-1);
      const nextPageToken =
        found.length > page.pageSize && last !== undefined
          ? encodePageToken({ category, afterProductId: last.productId })
          : '';
      return { products: products.map(toProductMessage), nextPageToken };
    },

    async getProduct(request) {
      const violations = new FieldViolations();
      checkGetProduct(request, violations);
      refuseIfInvalid(violations);
      return { product: toProductMessage(await existing(store, request.productId)) };
    },

    async importProducts(request) {
      const violations = new FieldViolations();
      checkImportProducts(request, violations);
      refuseIfInvalid(violations);
      const counts = await store.import(request.products.map(toProductContent));
      return {
        createdCount: counts.created,
        updatedCount: counts.updated,
        unchangedCount: counts.unchanged,
      };
    },
  };
}

async function existing(store: ProductStore, productId: string): Promise<StoredProduct> {
  // PostgreSQL would refuse to compare a uuid with another kind of text.
  const product = isProductId(productId) ? await store.get(productId) : undefined;
  if (product === undefined) {
    throw new RpcError('NOT_FOUND', `There is no product with the id ${quote(productId)}`);
  }
  return product;
}

function refuseIfInvalid(violations: FieldViolations): void {
  if (violations.found.length > 0) throw invalidArgument(violations);
}
