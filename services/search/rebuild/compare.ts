import type { Elasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import type { IndexWriter } from '../index-writer.ts';
import type { ProductChange, Versions } from '../product-document.ts';
import type { CatalogueWalk } from './catalogue-walk.ts';

/** Versions that an index is to have at least, of products that it has not. */
export type Wanted = Map<string, Versions>;

/** Of a page of the catalogue what an index lacks. */
export async function lackingOf(
  page: readonly ProductChange[],
  writer: IndexWriter,
): Promise<Wanted> {
  const wanted = new Map(page.map((change) => [change.productId, wantedOf(change)]));
  return stillLacking(wanted, writer);
}

/** Of these the ones that an index lacks still. */
export async function stillLacking(
  wanted: ReadonlyMap<string, Versions>,
  writer: IndexWriter,
): Promise<Wanted> {
  if (wanted.size === 0) return new Map();
  const found = await writer.versions([...wanted.keys()]);
  const lacks = ([id, { product, stock }]: readonly [string, Versions]): boolean => {
    const has = found.get(id);
    return has === undefined || has.product < product || has.stock < stock;
  };
  return new Map([...wanted].filter(lacks));
}

function wantedOf({ product, stock }: ProductChange): Versions {
  return {
    product: Number(product?.version ?? 0n),
    // The stock of what left the assortment is of no use here.
    stock: product?.discontinueTime === undefined ? Number(stock?.version ?? 0n) : 0,
  };
}

const IDS_PER_PAGE = 1_000;

/**
 * Products of an index that were not in a walk over the catalogue and that the catalogue does not know:
 * new ones it knows.
 */
export async function unknownProducts(
  search: Elasticsearch,
  index: string,
  { seen, walk, signal }: UnknownOptions,
): Promise<readonly string[]> {
  const unknown: string[] = [];
  let after: string | undefined;
  do {
    const ids = await idsAfter(search, index, after);
    after = ids.length < IDS_PER_PAGE ? undefined : ids.at(-1);
    const extras = ids.filter((id) => !seen.has(id));
    const known = await walk.products(extras, signal);
    const knownIds = new Set(known.map(({ productId }) => productId));
    unknown.push(...extras.filter((id) => !knownIds.has(id)));
  } while (after !== undefined);
  return unknown;
}

interface UnknownOptions {
  /** Ids of the walk. */
  readonly seen: ReadonlySet<string>;
  readonly walk: CatalogueWalk;
  readonly signal: AbortSignal;
}

async function idsAfter(
  search: Elasticsearch,
  index: string,
  after: string | undefined,
): Promise<readonly string[]> {
  const { body } = await search.request('list_ids', {
    method: 'POST',
    path: `/${index}/_search`,
    timeoutMs: 10_000,
    body: {
      size: IDS_PER_PAGE,
      _source: false,
      docvalue_fields: ['product_id'],
      sort: [{ product_id: 'asc' }],
      ...(after === undefined ? {} : { search_after: [after] }),
    },
  });
  const { hits } = body as {
    readonly hits: { readonly hits: readonly { readonly sort: readonly [string] }[] };
  };
  return hits.hits.map(({ sort: [id] }) => id);
}
