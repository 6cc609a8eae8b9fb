import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import type { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { askedAdjustment } from './asked-change.ts';
import type { Products } from './cached-products.ts';
import { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { ProductChanges, productNotFound } from './product-changes.ts';
import { isProductId } from './product-id.ts';
import { toProductMessage, toToldProduct } from './product-message.ts';
import { STOCK_PAGE_SIZE_DEFAULT } from './request-limits.ts';
import { reservationHandlers } from './reservation-handlers.ts';
import type { ReservationMethod } from './reservation-handlers.ts';
import type { Reservations } from './reservations.ts';
import { adjustStock } from './stock-adjustments.ts';
import { toStockMessage } from './stock-message.ts';
import { StockStore } from './stock-store.ts';
import type { StoredStock } from './stock-store.ts';
import { ProductStore } from './store.ts';
import type { StoredProduct } from './store.ts';
import type { catalogEvents } from './topics.ts';

/** What the methods about stock need beside what other writes do. */
export interface StockParts {
  readonly reservations: Reservations;
  readonly pages: PageTokens;
}

/** What they all need. */
interface StockWrites extends StockParts {
  readonly database: Session;
  readonly keys: IdempotencyKeys;
  readonly outbox: Outbox<typeof catalogEvents>;
}

type AssortmentMethod = 'batchGetProducts' | 'discontinueProduct' | 'listAllProducts';
type LevelMethod = 'getStock' | 'adjustStock' | 'listStock';

/** Catalog's methods about stock, and those that came with it. */
export type StockMethod = AssortmentMethod | LevelMethod | ReservationMethod;

/** The handlers of these methods. */
export function stockHandlers(
  products: Products,
  writes: StockWrites,
): Pick<Handlers<typeof CatalogService>, StockMethod> {
  return {
    ...assortmentHandlers(products, writes),
    ...levelHandlers(products, writes),
    ...reservationHandlers(products, writes),
  };
}

function assortmentHandlers(
  products: Products,
  { database, keys, outbox, pages }: StockWrites,
): Pick<Handlers<typeof CatalogService>, AssortmentMethod> {
  const { method } = CatalogService;
  return {
    async batchGetProducts(request) {
      const shown = await products.getAll(request.productIds.filter(isProductId));
      const byId = new Map(shown.map((one) => [one.product.productId, one]));
      const found = request.productIds.flatMap((productId) => byId.get(productId) ?? []);
      return { products: found.map(toProductMessage) };
    },

    async discontinueProduct(request, call) {
      const { productId, etag } = request;
      const changed: StoredProduct[] = [];
      const response = await keys.run(
        method.discontinueProduct,
        request,
        call,
        async (transaction) => {
          const changes = new ProductChanges(transaction, outbox);
          const product = await changes.discontinue(productId, etag === '' ? undefined : etag);
          changed.push(product);
          return { product: toProductMessage({ product, available: 0 }) };
        },
      );
      await products.forget(changed);
      return response;
    },

    async listAllProducts(request, call) {
      const { items, nextPageToken } = await pages.page(method.listAllProducts, request, call, {
        size: pageSizeOf(request, STOCK_PAGE_SIZE_DEFAULT),
        list: (limit, after) => new ProductStore(database).listAll(limit, after),
        placeOf: ({ productId }) => productId,
      });
      return { products: items.map(toToldProduct), nextPageToken };
    },
  };
}

function levelHandlers(
  products: Products,
  { database, keys, outbox, pages }: StockWrites,
): Pick<Handlers<typeof CatalogService>, LevelMethod> {
  const { method } = CatalogService;
  return {
    async getStock(request) {
      const { productId } = request;
      const found = isProductId(productId)
        ? await new StockStore(database).get(productId)
        : undefined;
      if (found === undefined) throw productNotFound(productId);
      return { stock: toStockMessage(found) };
    },

    async adjustStock(request, call) {
      const asked = askedAdjustment(request);
      const changed: StoredStock[] = [];
      const response = await keys.run(method.adjustStock, request, call, async (transaction) => {
        const stock = await adjustStock(transaction, outbox, asked);
        changed.push(stock);
        return { stock: toStockMessage(stock) };
      });
      await products.forgetStock(changed);
      return response;
    },

    async listStock(request, call) {
      const { items, nextPageToken } = await pages.page(method.listStock, request, call, {
        size: pageSizeOf(request, STOCK_PAGE_SIZE_DEFAULT),
        list: (limit, after) => new StockStore(database).list(limit, after),
        placeOf: ({ productId }) => productId,
      });
      return { stock: items.map(toStockMessage), nextPageToken };
    },
  };
}
