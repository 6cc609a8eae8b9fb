import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FacetSchema, PriceRangeSchema } from './contract/gen/meridian/search/v1/search_pb.js';
import { filtersOf } from './search-query.ts';
import type { FilterName, Query, SearchCriteria } from './search-query.ts';

type Facet = MessageInitShape<typeof FacetSchema>;
type PriceRange = MessageInitShape<typeof PriceRangeSchema>;

/** Values of one facet; the rarest are left out. */
const VALUES_MAX = 20;

const TERMS = {
  category: VALUES_MAX,
  brand: VALUES_MAX,
  in_stock: 2,
  currency: VALUES_MAX,
} as const;

/** Where ranges of prices meet, in minor units of any currency: 0, then 1, 2 and 5 of each ten. */
const PRICE_BOUNDS: readonly number[] = [
  0,
  ...Array.from({ length: 10 }, (_, digits) => [1, 2, 5].map((step) => step * 10 ** digits)).flat(),
];

/** What a range of prices counts, by the index of its lower bound. */
const PRICE_RANGES = PRICE_BOUNDS.map((from, index) => ({
  key: String(index),
  from,
  ...(PRICE_BOUNDS[index + 1] === undefined ? {} : { to: PRICE_BOUNDS[index + 1] }),
}));

/** Counts the values of each property among what all other filters leave, so that a choice can be changed. */
export function facetAggregations(criteria: SearchCriteria): Readonly<Record<string, object>> {
  const filters = filtersOf(criteria);
  const counted = (name: FilterName, aggregation: object): object => ({
    filter: { bool: { filter: othersThan(filters, name) } },
    aggs: { values: aggregation },
  });
  const terms = Object.entries(TERMS).map(([field, size]): [string, object] => [
    field,
    counted(field as FilterName, { terms: { field, size } }),
  ]);
  const prices: readonly [string, object][] =
    criteria.currency === ''
      ? []
      : [['price', counted('price', { range: { field: 'price', ranges: PRICE_RANGES } })]];
  return Object.fromEntries([...terms, ...prices]);
}

function othersThan(filters: ReadonlyMap<FilterName, Query>, name: FilterName): readonly Query[] {
  return [...filters].filter(([each]) => each !== name).map(([, query]) => query);
}

interface Bucket {
  readonly key: string | number;
  readonly key_as_string?: string;
  readonly doc_count: number;
}

/** What Elasticsearch counted. */
export type Aggregations = Readonly<
  Record<string, { readonly values: { readonly buckets: readonly Bucket[] } }>
>;

/** The facets of an answer. */
export function facetsOf(aggregations: Aggregations): Facet[] {
  return Object.keys(TERMS).map((property) => ({
    property,
    values: (aggregations[property]?.values.buckets ?? [])
      // A currency that a product lacks.
      .filter(({ key }) => key !== '')
      .map(({ key, key_as_string: text, doc_count: count }) => ({
        value: text ?? String(key),
        count: BigInt(count),
      })),
  }));
}

/** The ranges of prices of an answer. */
export function priceRangesOf(aggregations: Aggregations, currencyCode: string): PriceRange[] {
  const money = (minorUnits: number): PriceRange['from'] => ({
    currencyCode,
    minorUnits: BigInt(minorUnits),
  });
  return (aggregations['price']?.values.buckets ?? [])
    .filter((bucket) => bucket.doc_count > 0)
    .map(({ key, doc_count: count }) => {
      const [from = 0, below] = PRICE_BOUNDS.slice(Number(key));
      return {
        from: money(from),
        ...(below === undefined ? {} : { below: money(below) }),
        count: BigInt(count),
      };
    });
}
