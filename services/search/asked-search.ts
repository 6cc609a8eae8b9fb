import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import type { SearchProductsRequest } from './contract/gen/meridian/search/v1/search_pb.js';
import type { SearchCriteria } from './search-query.ts';
import type { WrittenChange } from './written.ts';

const PAGE_SIZE_DEFAULT = 20;

/** A search with its defaults filled in. */
export interface AskedSearch {
  readonly criteria: SearchCriteria;
  readonly pageSize: number;
  readonly written: WrittenChange | undefined;
}

/** What a request that its contract allows searches for. */
export function askedSearch(request: SearchProductsRequest): AskedSearch {
  const { query, categories, brands, inStockOnly, currencyCode: currency } = request;
  const priceMin = request.priceMin === 0n ? undefined : request.priceMin;
  const priceMax = request.priceMax === 0n ? undefined : request.priceMax;
  return {
    criteria: { query, categories, brands, inStockOnly, currency, priceMin, priceMax },
    pageSize: pageSizeOf(request, PAGE_SIZE_DEFAULT),
    written: writtenChange(request.written),
  };
}

/** A product's id, which has no `@`, and its version. */
function writtenChange(text: string): WrittenChange | undefined {
  const [productId = '', version] = text.split('@');
  return version === undefined ? undefined : { productId, version: Number(version) };
}
