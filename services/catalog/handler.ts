import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import type { Transactional } from '@meridian/kit/postgres/database.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import { refuseIfInvalid } from '@meridian/kit/rpc/invalid-argument.ts';
import type { catalogEvents } from './topics.ts';
import type { Products } from './cached-products.ts';
import { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { encodePageToken } from './page-token.ts';
import { ProductChanges, productNotFound } from './product-changes.ts';
import { isProductId } from './product-id.ts';
import { toProductContent, toProductMessage } from './product-message.ts';
import { stockHandlers } from './stock-handlers.ts';
import type { StockMethod } from './stock-handlers.ts';
import type { StoredProduct } from './store.ts';
import { checkImportProducts } from './validate-import.ts';
import { checkProductId, readListProducts } from './validate-read.ts';
import { readCreateProduct, readUpdateProduct } from './validate-write.ts';

/** What the methods that change something need. */
export interface CatalogWrites {
  readonly database: Transactional;
  readonly keys: IdempotencyKeys;
  readonly outbox: Outbox<typeof catalogEvents>;
}

/** Catalog's methods. A request that breaks the contract gets INVALID_ARGUMENT. */
export function catalogHandlers(
  products: Products,
  writes: CatalogWrites,
): Handlers<typeof CatalogService> {
  return { ...readHandlers(products), ...writeHandlers(products, writes), ...stockHandlers() };
}

type ReadMethod = 'listProducts' | 'getProduct';

function readHandlers(products: Products): Pick<Handlers<typeof CatalogService>, ReadMethod> {
  return {
    async listProducts(request) {
      const violations = new FieldViolations();
      const page = readListProducts(request, violations);
      refuseIfInvalid(violations);
      const { category, afterProductId } = page;
      // One more than asked for tells whether there is a next page.
      const found = await products.list({
        limit: page.pageSize + 1,
        ...(category === '' ? {} : { category }),
        ...(afterProductId === undefined ? {} : { afterProductId }),
      });
      const shown = found.slice(0, page.pageSize);
      const last = shown.at(-1);
      const nextPageToken =
        found.length > page.pageSize && last !== undefined
          ? encodePageToken({ category, afterProductId: last.productId })
          : '';
      return { products: shown.map(toProductMessage), nextPageToken };
    },

    async getProduct(request) {
      const violations = new FieldViolations();
      checkProductId(request, violations);
      refuseIfInvalid(violations);
      return { product: toProductMessage(await existing(products, request.productId)) };
    },
  };
}

function writeHandlers(
  products: Products,
  { database, keys, outbox }: CatalogWrites,
): Omit<Handlers<typeof CatalogService>, ReadMethod | StockMethod> {
  const { method } = CatalogService;
  return {
    async createProduct(request, call) {
      const violations = new FieldViolations();
      const content = readCreateProduct(request, violations);
      refuseIfInvalid(violations);
      const changed: StoredProduct[] = [];
      const response = await keys.run(method.createProduct, request, call, async (transaction) => {
        const changes = new ProductChanges(transaction, outbox);
        const product = await changes.create(toProductContent(content));
        changed.push(product);
        return { product: toProductMessage(product) };
      });
      // Committed, and not answered yet: whoever has the answer never reads what was before.
      await products.forget(changed);
      return response;
    },

    async updateProduct(request, call) {
      const violations = new FieldViolations();
      const change = readUpdateProduct(request, violations);
      refuseIfInvalid(violations);
      const changed: StoredProduct[] = [];
      const response = await keys.run(method.updateProduct, request, call, async (transaction) => {
        const product = await new ProductChanges(transaction, outbox).update(change);
        changed.push(product);
        return { product: toProductMessage(product) };
      });
      await products.forget(changed);
      return response;
    },

    async importProducts(request) {
      const violations = new FieldViolations();
      checkImportProducts(request, violations);
      refuseIfInvalid(violations);
      const outcome = await database.transaction((transaction) =>
        new ProductChanges(transaction, outbox).import(request.products.map(toProductContent)),
      );
      await products.forget(outcome.changed);
      return {
        createdCount: outcome.created,
        updatedCount: outcome.updated,
        unchangedCount: outcome.unchanged,
      };
    },
  };
}

async function existing(products: Products, productId: string): Promise<StoredProduct> {
  // PostgreSQL would refuse to compare a uuid with another kind of text.
  const product = isProductId(productId) ? await products.get(productId) : undefined;
  if (product === undefined) throw productNotFound(productId);
  return product;
}
