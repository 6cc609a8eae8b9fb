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
import { toGivenProduct, toProductMessage } from './product-message.ts';
import { stockHandlers } from './stock-handlers.ts';
import type { StockMethod, StockParts } from './stock-handlers.ts';
import type { ShownProduct, StoredProduct } from './store.ts';
import { checkImportProducts } from './validate-import.ts';
import { checkProductId, readListProducts } from './validate-read.ts';
import { readCreateProduct, readUpdateProduct } from './validate-write.ts';

/** What the methods that change something need. */
export interface CatalogWrites extends StockParts {
  readonly database: Transactional;
  readonly keys: IdempotencyKeys;
  readonly outbox: Outbox<typeof catalogEvents>;
}

/** Catalog's methods. A request that breaks the contract gets INVALID_ARGUMENT. */
export function catalogHandlers(
  products: Products,
  writes: CatalogWrites,
): Handlers<typeof CatalogService> {
  return {
    ...readHandlers(products),
    ...writeHandlers(products, writes),
    ...stockHandlers(products, writes),
  };
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
          ? encodePageToken({ category, afterProductId: last.product.productId })
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
        const shown = await new ProductChanges(transaction, outbox).create(toGivenProduct(content));
        changed.push(shown.product);
        return { product: toProductMessage(shown) };
      });
      // Committed, and not answered yet: whoever has the answer never reads what was before.
      await forgetNew(products, changed);
      return response;
    },

    async updateProduct(request, call) {
      const violations = new FieldViolations();
      const change = readUpdateProduct(request, violations);
      refuseIfInvalid(violations);
      const changed: StoredProduct[] = [];
      const response = await keys.run(method.updateProduct, request, call, async (transaction) => {
        const shown = await new ProductChanges(transaction, outbox).update(change);
        changed.push(shown.product);
        return { product: toProductMessage(shown) };
      });
      await products.forget(changed);
      return response;
    },

    async importProducts(request) {
      const violations = new FieldViolations();
      checkImportProducts(request, violations);
      refuseIfInvalid(violations);
      const outcome = await database.transaction((transaction) =>
        new ProductChanges(transaction, outbox).import(request.products.map(toGivenProduct)),
      );
      await forgetNew(products, outcome.changed);
      return {
        createdCount: outcome.created,
        updatedCount: outcome.updated,
        unchangedCount: outcome.unchanged,
      };
    },
  };
}

/** Of products that are new the cache knows that they are not there, and that they have no stock. */
async function forgetNew(products: Products, changed: readonly StoredProduct[]): Promise<void> {
  await Promise.all([
    products.forget(changed),
    // Its stock is as new as the product, from the same transaction.
    products.forgetStock(changed.filter(({ version }) => version === 1n)),
  ]);
}

async function existing(products: Products, productId: string): Promise<ShownProduct> {
  // PostgreSQL would refuse to compare a uuid with another kind of text.
  const product = isProductId(productId) ? await products.get(productId) : undefined;
  if (product === undefined) throw productNotFound(productId);
  return product;
}
