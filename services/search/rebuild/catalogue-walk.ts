import type { Product } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { Clients } from '@meridian/kit/clients.ts';
import type { ProductChange } from '../product-document.ts';
import type { search } from '../service.ts';

type Catalog = Clients<typeof search>['catalog'];

/** The whole catalogue, page by page, those products too that left the assortment. */
export interface CatalogueWalk {
  pages(signal: AbortSignal): AsyncIterable<readonly ProductChange[]>;
  /** What the catalogue knows of these products. */
  products(productIds: readonly string[], signal: AbortSignal): Promise<readonly Product[]>;
}

const STOCK_PAGE_SIZE = 500;
/** The contract allows no more. */
const PRODUCTS_MAX = 100;
const CALL_TIMEOUT_MS = 20_000;

/** Reads the catalogue through catalog's own API. */
export function catalogueWalk(catalog: Catalog): CatalogueWalk {
  return {
    async *pages(signal) {
      const options = { timeoutMs: CALL_TIMEOUT_MS, signal };
      let pageToken = '';
      do {
        const request = { pageSize: STOCK_PAGE_SIZE, pageToken };
        const { stock, nextPageToken } = await catalog.listStock(request, options);
        const products = await productsOf(
          catalog,
          stock.map(({ productId }) => productId),
          signal,
        );
        const byId = new Map(products.map((product) => [product.productId, product]));
        yield stock.map((each) => {
          const product = byId.get(each.productId);
          const { productId } = each;
          return { productId, stock: each, ...(product === undefined ? {} : { product }) };
        });
        pageToken = nextPageToken;
      } while (pageToken !== '');
    },
    products: (productIds, signal) => productsOf(catalog, productIds, signal),
  };
}

async function productsOf(
  catalog: Catalog,
  productIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly Product[]> {
  const options = { timeoutMs: CALL_TIMEOUT_MS, signal };
  const products: Product[] = [];
  for (let start = 0; start < productIds.length; start += PRODUCTS_MAX) {
    const ids = productIds.slice(start, start + PRODUCTS_MAX);
    products.push(...(await catalog.batchGetProducts({ productIds: ids }, options)).products);
  }
  return products;
}
