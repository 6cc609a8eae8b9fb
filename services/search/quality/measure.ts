import type { ProductSearch } from '../product-search.ts';
import type { ProductChange } from '../product-document.ts';
import { JUDGED_QUERIES } from './judged-queries.ts';
import type { QueryKind } from './judged-queries.ts';
import { DEPTH, ndcg } from './ndcg.ts';

/** How good the answers to the judged queries are. */
export interface Quality {
  readonly mean: number;
  readonly byKind: ReadonlyMap<QueryKind, number>;
  /** The worst first. */
  readonly queries: readonly { readonly query: string; readonly ndcg: number }[];
}

/** Asks every judged query of an index that holds just these products. */
export async function measureQuality(
  search: ProductSearch,
  catalogue: readonly ProductChange[],
): Promise<Quality> {
  const products = catalogue.flatMap(({ product }) => (product === undefined ? [] : [product]));
  const byId = new Map(products.map((product) => [product.productId, product]));
  const queries: { kind: QueryKind; query: string; ndcg: number }[] = [];
  for (const judged of JUDGED_QUERIES) {
    const { kind, query } = judged;
    const criteria = { query, categories: [], brands: [], inStockOnly: false, currency: '' };
    const prices = { priceMin: undefined, priceMax: undefined };
    const { hits } = await search.find({ ...criteria, ...prices }, DEPTH, undefined);
    const found = hits.flatMap(({ productId = '' }) => byId.get(productId) ?? []);
    const value = ndcg(judged, found, products);
    if (value === undefined) throw new Error(`Query '${query}': the catalogue has nothing for it`);
    queries.push({ kind, query, ndcg: value });
  }
  const kinds = new Set(queries.map(({ kind }) => kind));
  return {
    mean: meanOf(queries),
    byKind: new Map(
      [...kinds].map((kind) => [kind, meanOf(queries.filter((each) => each.kind === kind))]),
    ),
    queries: queries.toSorted((a, b) => a.ndcg - b.ndcg),
  };
}

function meanOf(queries: readonly { readonly ndcg: number }[]): number {
  return queries.reduce((sum, each) => sum + each.ndcg, 0) / queries.length;
}
