import { fold, joinedWords } from './fold.ts';
import { FOUND_BEGIN, FOUND_END, FRAGMENT_SIZE } from './highlight.ts';

/** What is searched for. */
export interface SearchCriteria {
  readonly query: string;
  readonly categories: readonly string[];
  readonly brands: readonly string[];
  readonly inStockOnly: boolean;
  /** Empty for all. */
  readonly currency: string;
  /** In the minor unit of the product's currency; undefined for any. */
  readonly priceMin: bigint | undefined;
  readonly priceMax: bigint | undefined;
}

/** A query of Elasticsearch. */
export type Query = Readonly<Record<string, unknown>>;

/** The properties that a request can narrow by. */
export type FilterName = 'category' | 'brand' | 'in_stock' | 'currency' | 'price';

/** How long one search may take in Elasticsearch; what it has found by then is the answer. */
export const SEARCH_TIME_MAX = '500ms';

/** One wrong letter from four on, two from eight on; a first letter is hardly ever wrong. */
const FORGIVING = { fuzziness: 'AUTO:4,8', prefix_length: 1, max_expansions: 30 } as const;

/** Words beyond these are looked for as they are: each that is forgiven is many. */
const FORGIVEN_WORDS_MAX = 12;

/** How much more a hit is worth for where its words are. */
const WORTH = { name: 4, brand: 3, category: 2, attributes: 1, description: 0.5 } as const;

/**
 * What a product must have to be found, and what makes it better. It has all the words, wherever; a
 * letter may be wrong, or the last word not be finished. Words as they were asked for are worth most in
 * the name, side by side even more.
 */
export function textQuery(query: string): Query {
  const text = fold(query);
  const joined = joinedWords(text);
  const forgiving = joined.length >= FORGIVEN_WORDS_MAX ? {} : FORGIVING;
  const all = { query: text, operator: 'and' };
  return {
    bool: {
      filter: [
        { term: { shown: true } },
        {
          bool: {
            should: [
              { match: { 'folded.all': { ...all, ...forgiving } } },
              { match_bool_prefix: { 'folded.all': { ...all, max_expansions: 50 } } },
              ...asOneWord(joined),
            ],
          },
        },
      ],
      should: [
        ...Object.entries(WORTH).map(([field, boost]) => ({
          match: { [`folded.${field}`]: { query: text, boost } },
        })),
        { match: { 'folded.name': { query: text, boost: WORTH.name / 2, ...forgiving } } },
        { match: { 'folded.brand': { query: text, boost: WORTH.brand / 2, ...forgiving } } },
        { match_phrase: { 'folded.name': { query: text, slop: 1, boost: WORTH.name * 2 } } },
        { match_phrase: { 'folded.brand': { query: text, boost: WORTH.brand } } },
        ...asOneWord(joined),
      ],
    },
  };
}

/** Two words that are one word of a name. */
function asOneWord([one, ...others]: readonly string[]): readonly Query[] {
  if (one === undefined || others.length > 0) return [];
  return [{ match: { 'folded.name': { query: one, operator: 'and', boost: WORTH.name } } }];
}

/** What narrows a search, by property. */
export function filtersOf(criteria: SearchCriteria): ReadonlyMap<FilterName, Query> {
  const { categories, brands, inStockOnly, currency, priceMin, priceMax } = criteria;
  const filters = new Map<FilterName, Query>();
  if (categories.length > 0) filters.set('category', { terms: { category: categories } });
  if (brands.length > 0) filters.set('brand', { terms: { brand: brands } });
  if (inStockOnly) filters.set('in_stock', { term: { in_stock: true } });
  if (currency !== '') filters.set('currency', { term: { currency } });
  if (priceMin !== undefined || priceMax !== undefined) {
    const price = {
      ...(priceMin === undefined ? {} : { gte: String(priceMin) }),
      ...(priceMax === undefined ? {} : { lte: String(priceMax) }),
    };
    filters.set('price', { range: { price } });
  }
  return filters;
}

/** Highlights of the folded texts; highlight.ts finds their place in the original. */
export const HIGHLIGHT = {
  pre_tags: [FOUND_BEGIN],
  post_tags: [FOUND_END],
  // A word was looked for everywhere at once.
  require_field_match: false,
  fields: {
    'folded.name': { number_of_fragments: 0 },
    'folded.description': { number_of_fragments: 1, fragment_size: FRAGMENT_SIZE },
  },
} as const;
