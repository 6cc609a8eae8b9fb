import { randomUUID } from 'node:crypto';
import { bodyOf, write } from './asking.ts';
import type { Asking } from './asking.ts';
import { Fresh } from './fresh.ts';
import type { Asked, AskedMethods } from './operation.ts';

/** Products that are changed again and again. */
const CHANGED = 20;
const DISCONTINUED_PER_SECOND = 10;

/** What a merchant and shoppers ask of the catalogue. */
export function catalogMethods(asking: Asking): AskedMethods {
  const { edge, merchant } = asking;
  const own = new Fresh(async () => {
    const answer = await edge.ask(write(merchant(), '/v1/products', product()));
    return (bodyOf(answer) as { productId: string } | undefined)?.productId;
  });
  return {
    'CatalogService/GetProduct': asking.reads(() => asking.product()),
    'CatalogService/ListProducts': asking.reads(() => '/v1/products?page_size=20'),
    'CatalogService/GetStock': asking.reads(() => `${asking.product()}/stock`, merchant),
    'CatalogService/AdjustStock': asking.asks(() =>
      write(merchant(), `${asking.product()}/stock:adjust`, { difference: 1 }),
    ),
    'CatalogService/CreateProduct': asking.asks(() => write(merchant(), '/v1/products', product())),
    'CatalogService/UpdateProduct': updating(asking, own),
    'CatalogService/DiscontinueProduct': asking.spends(
      own,
      'product',
      (productId) => write(merchant(), `/v1/products/${productId}:discontinue`, {}),
      DISCONTINUED_PER_SECOND,
    ),
  };
}

/** What anybody asks of search. */
export function searchMethods(asking: Asking): AskedMethods {
  return {
    'SearchService/SearchProducts': asking.reads(
      () => `/v1/search/products?query=${asking.word()}`,
    ),
    'SearchService/SuggestProducts': asking.reads(
      () => `/v1/search/suggestions?prefix=${asking.word(4)}`,
    ),
  };
}

/** Each change is one, since what changes nothing costs less. */
function updating(asking: Asking, own: Fresh<string>): Asked {
  return {
    prepare: () => own.prepare(CHANGED),
    ...asking.asks(() => ({
      ...write(asking.merchant(), `/v1/products/${own.next() ?? 'none'}`, {
        description: `Measured ${randomUUID()}`,
      }),
      method: 'PATCH',
    })),
  };
}

function product(): object {
  const sku = `BENCH-${randomUUID()}`;
  const price = { currencyCode: 'EUR', minorUnits: '100' };
  return {
    ...{ sku, name: `Measured ${sku}`, category: 'measured', brand: 'Meridian' },
    price,
    stock: 1,
  };
}
