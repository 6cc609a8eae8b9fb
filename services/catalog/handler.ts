import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import type { Transactional } from '@meridian/kit/postgres/database.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import { askedChange } from './asked-change.ts';
import type { Products } from './cached-products.ts';
import { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { ProductChanges, productNotFound } from './product-changes.ts';
import { isProductId } from './product-id.ts';
import { toGivenProduct, toProductMessage } from './product-message.ts';
import { refuseTwice } from './refuse-twice.ts';
import { PAGE_SIZE_DEFAULT } from './request-limits.ts';
import { stockHandlers } from './stock-handlers.ts';
import type { StockMethod, StockParts } from './stock-handlers.ts';
import type { ShownProduct, StoredProduct } from './store.ts';
import type { catalogEvents } from './topics.ts';

/** What the methods that change something need. */
export interface CatalogWrites extends StockParts {
  readonly database: Transactional;
  readonly keys: IdempotencyKeys;
  readonly outbox: Outbox<typeof catalogEvents>;
}

/** Catalog's methods, for requests that their contract allows. */
export function catalogHandlers(
  products: Products,
  writes: CatalogWrites,
): Handlers<typeof CatalogService> {
  return {
    ...readHandlers(products, writes),
    ...writeHandlers(products, writes),
    ...stockHandlers(products, writes),
  };
}

type ReadMethod = 'listProducts' | 'getProduct';

function readHandlers(
  products: Products,
  { pages }: Pick<CatalogWrites, 'pages'>,
): Pick<Handlers<typeof CatalogService>, ReadMethod> {
  const { method } = CatalogService;
  return {
    async listProducts(request, call) {
      const { category } = request;
      const { items, nextPageToken } = await pages.page(method.listProducts, request, call, {
        size: pageSizeOf(request, PAGE_SIZE_DEFAULT),
        list: (limit, after) =>
          products.list({
            limit,
            ...(category === '' ? {} : { category }),
            ...(after === undefined ? {} : { afterProductId: after }),
          }),
        placeOf: ({ product }) => product.productId,
      });
      return { products: items.map(toProductMessage), nextPageToken };
    },

    async getProduct(request) {
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
      const { product } = request;
      // Its contract has it; the type does not know.
      if (product === undefined) throw new Error('a product was checked and is not there');
      const changed: StoredProduct[] = [];
      const response = await keys.run(method.createProduct, request, call, async (transaction) => {
        const shown = await new ProductChanges(transaction, outbox).create(toGivenProduct(product));
        changed.push(shown.product);
        return { product: toProductMessage(shown) };
      });
      // Committed, and not answered yet: whoever has the answer never reads what was before.
      await forgetNew(products, changed);
      return response;
    },

    async updateProduct(request, call) {
      const change = askedChange(request);
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
      const skus = request.products.map(({ sku }) => sku);
      refuseTwice('products', 'sku', skus);
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
