import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import type { Transactional } from '@meridian/kit/postgres/database.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import { refuseIfInvalid } from '@meridian/kit/rpc/invalid-argument.ts';
import { encodePageToken } from './page-token.ts';
import { ProductChanges, productNotFound } from './product-changes.ts';
import { isProductId } from './product-id.ts';
import { toProductContent, toProductMessage } from './product-message.ts';
import type { ProductStore, StoredProduct } from './store.ts';
import { checkImportProducts } from './validate-import.ts';
import { checkProductId, readListProducts } from './validate-read.ts';
import { readCreateProduct, readUpdateProduct } from './validate-write.ts';

/** What the methods that change something need. */
export interface CatalogWrites {
  readonly database: Transactional;
  readonly keys: IdempotencyKeys;
  readonly outbox: Outbox<'catalog.events.v1'>;
}

/** Catalog's methods over a store. A request that breaks the contract gets INVALID_ARGUMENT. */
export function catalogHandlers(
  store: ProductStore,
  { database, keys, outbox }: CatalogWrites,
): Handlers<typeof CatalogService> {
  const { method } = CatalogService;
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
      checkProductId(request, violations);
      refuseIfInvalid(violations);
      return { product: toProductMessage(await existing(store, request.productId)) };
    },

    async createProduct(request, call) {
      const violations = new FieldViolations();
      const content = readCreateProduct(request, violations);
      refuseIfInvalid(violations);
      return keys.run(method.createProduct, request, call, async (transaction) => ({
        product: toProductMessage(
          await new ProductChanges(transaction, outbox).create(toProductContent(content)),
        ),
      }));
    },

    async updateProduct(request, call) {
      const violations = new FieldViolations();
      const change = readUpdateProduct(request, violations);
      refuseIfInvalid(violations);
      return keys.run(method.updateProduct, request, call, async (transaction) => ({
        product: toProductMessage(await new ProductChanges(transaction, outbox).update(change)),
      }));
    },

    async importProducts(request) {
      const violations = new FieldViolations();
      checkImportProducts(request, violations);
      refuseIfInvalid(violations);
      const outcome = await database.transaction((transaction) =>
        new ProductChanges(transaction, outbox).import(request.products.map(toProductContent)),
      );
      return {
        createdCount: outcome.created,
        updatedCount: outcome.updated,
        unchangedCount: outcome.unchanged,
      };
    },
  };
}

async function existing(store: ProductStore, productId: string): Promise<StoredProduct> {
  // PostgreSQL would refuse to compare a uuid with another kind of text.
  const product = isProductId(productId) ? await store.get(productId) : undefined;
  if (product === undefined) throw productNotFound(productId);
  return product;
}
