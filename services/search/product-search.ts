import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Elasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import {
  ElasticsearchError,
  isBusy,
  unavailable,
} from '@meridian/kit/elasticsearch/elasticsearch-error.ts';
import type {
  FacetSchema,
  PriceRangeSchema,
  ProductHitSchema,
} from './contract/gen/meridian/search/v1/search_pb.js';
import { facetAggregations, facetsOf, priceRangesOf } from './facets.ts';
import type { Aggregations } from './facets.ts';
import { fold } from './fold.ts';
import { highlighted } from './highlight.ts';
import { PointsInTime, WALK_IDLE_MAX } from './point-in-time.ts';
import type { ProductDocument } from './product-document.ts';
import { HIGHLIGHT, SEARCH_TIME_MAX, filtersOf, textQuery } from './search-query.ts';
import type { SearchCriteria } from './search-query.ts';

/** Where a walk is: the point in time that it sees, and what the last hit was sorted by. */
export interface WalkPlace {
  readonly pit: string;
  readonly after: readonly unknown[];
}

/** A page of hits. */
export interface FoundPage {
  readonly hits: MessageInitShape<typeof ProductHitSchema>[];
  readonly facets: MessageInitShape<typeof FacetSchema>[];
  readonly priceRanges: MessageInitShape<typeof PriceRangeSchema>[];
  readonly totalCount: bigint;
  readonly incomplete: boolean;
  /** Where the next page begins; undefined if there is none. */
  readonly next: WalkPlace | undefined;
}

/** From which on a total is a lower bound. */
const TOTAL_COUNTED_MAX = 10_000;

/** A letter too many or too few; the beginning of a beginning is what somebody looked at. */
const FORGIVING = { fuzziness: 'AUTO', prefix_length: 1, min_length: 4, unicode_aware: true };

/** A letter, a digit or a symbol: what words are made of. */
const SAYS_SOMETHING = /[\p{L}\p{N}\p{S}]/u;

/** Fields of a document that answers show. */
const SHOWN = ['product.*', 'product_id', 'category', 'brand', 'currency', 'price', 'in_stock'];

/** A walk cannot go on: its point in time is gone. */
export class WalkGoneError extends Error {
  override readonly name = 'WalkGoneError';
}

/** Asks the index. */
export class ProductSearch {
  readonly #search: Elasticsearch;
  readonly #points: PointsInTime;

  constructor(search: Elasticsearch) {
    this.#search = search;
    this.#points = new PointsInTime(search);
  }

  /** Has later first pages see all that is written by now. */
  async refresh(): Promise<void> {
    const path = `/${this.#search.index}/_refresh`;
    await this.#search.request('refresh', { method: 'POST', path });
    await this.#points.fresh();
  }

  /** A page; the first if no place is given. Throws UNAVAILABLE, or WalkGoneError for a place. */
  async find(
    criteria: SearchCriteria,
    pageSize: number,
    place: WalkPlace | undefined,
  ): Promise<FoundPage> {
    try {
      const pit = place?.pit ?? (await this.#points.current());
      return await this.#page(criteria, pageSize, pit, place?.after);
    } catch (error) {
      // A rebuild has removed the index of the point in time; where it has, a new point is of use.
      if (!mayBeGone(error)) throw error;
      const page = await this.#page(criteria, pageSize, await this.#points.fresh(), undefined);
      if (place === undefined) return page;
      throw new WalkGoneError('the point in time is gone', { cause: error });
    }
  }

  /** Names of products that begin so, or one of whose words does. */
  async suggest(prefix: string, limit: number): Promise<string[]> {
    const completion = { field: 'suggest', size: 3 * limit, skip_duplicates: true };
    const text = fold(prefix);
    // Every name begins with nothing.
    if (!SAYS_SOMETHING.test(text)) return [];
    const { body } = await this.#search.request('suggest', {
      method: 'POST',
      path: `/${this.#search.index}/_search`,
      body: {
        size: 0,
        timeout: SEARCH_TIME_MAX,
        _source: ['product.name'],
        suggest: { names: { prefix: text, completion: { ...completion, fuzzy: FORGIVING } } },
      },
      allowed: [404],
    });
    const { suggest } = body as SuggestAnswer;
    if (suggest === undefined) throw unavailable('busy');
    const names = suggest.names.flatMap(({ options }) =>
      options.map(({ _source: source }) => source.product?.name ?? ''),
    );
    return [...new Set(names)].slice(0, limit);
  }

  async #page(
    criteria: SearchCriteria,
    pageSize: number,
    pit: string,
    after: readonly unknown[] | undefined,
  ): Promise<FoundPage> {
    const answer = await this.#ask({
      pit: { id: pit, keep_alive: WALK_IDLE_MAX },
      size: pageSize + 1,
      timeout: SEARCH_TIME_MAX,
      query: textQuery(criteria.query),
      post_filter: { bool: { filter: [...filtersOf(criteria).values()] } },
      // Elasticsearch adds the place in the index, so that no two are equal.
      sort: ['_score'],
      ...(after === undefined ? {} : { search_after: after }),
      track_total_hits: TOTAL_COUNTED_MAX,
      _source: SHOWN,
      highlight: HIGHLIGHT,
      aggs: facetAggregations(criteria),
    });
    const found = answer.hits.hits;
    const shown = found.slice(0, pageSize);
    const last = shown.at(-1);
    const more = found.length > pageSize && last !== undefined;
    return {
      hits: shown.map(hitOf),
      facets: facetsOf(answer.aggregations ?? {}),
      priceRanges: priceRangesOf(answer.aggregations ?? {}, criteria.currency),
      totalCount: BigInt(answer.hits.total.value),
      incomplete: answer.timed_out,
      next: more ? { pit: answer.pit_id, after: last.sort } : undefined,
    };
  }

  async #ask(body: object): Promise<SearchAnswer> {
    const request = { method: 'POST', path: '/_search', body } as const;
    return (await this.#search.request('search', request)).body as SearchAnswer;
  }
}

/** For a point of an index that was removed Elasticsearch has no shard, which it says of one in trouble too. */
function mayBeGone(error: unknown): boolean {
  return (error instanceof ElasticsearchError && error.status === 404) || isBusy(error);
}

interface SearchAnswer {
  readonly pit_id: string;
  readonly timed_out: boolean;
  readonly hits: { readonly total: { readonly value: number }; readonly hits: readonly Hit[] };
  readonly aggregations?: Aggregations;
}

interface SuggestAnswer {
  readonly suggest?: {
    readonly names: readonly {
      readonly options: readonly { readonly _source: ProductDocument }[];
    }[];
  };
}

interface Hit {
  readonly _source: ProductDocument;
  readonly sort: readonly unknown[];
  readonly highlight?: Readonly<Record<string, readonly string[]>>;
}

function hitOf({ _source: source, highlight = {} }: Hit): FoundPage['hits'][number] {
  const { name = '', description = '' } = source.product ?? {};
  const [inName = ''] = highlight['folded.name'] ?? [];
  const [inDescription = ''] = highlight['folded.description'] ?? [];
  return {
    productId: source.product_id ?? '',
    name,
    category: source.category ?? '',
    brand: source.brand ?? '',
    price: { currencyCode: source.currency ?? '', minorUnits: BigInt(source.price ?? 0) },
    inStock: source.in_stock ?? false,
    highlight: highlighted(name, inName) || highlighted(description, inDescription),
  };
}
