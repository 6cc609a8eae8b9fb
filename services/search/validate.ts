import { FieldViolations, lengthOf, quote } from '@meridian/kit/rpc/field-violations.ts';
import { refuseIfInvalid } from '@meridian/kit/rpc/invalid-argument.ts';
import type {
  SearchProductsRequest,
  SuggestProductsRequest,
} from './contract/gen/meridian/search/v1/search_pb.js';
import { fold } from './fold.ts';
import type { SearchCriteria } from './search-query.ts';
import type { WrittenChange } from './written.ts';

const QUERY_LENGTH_MAX = 200;
const PREFIX_LENGTH_MAX = 100;
const PAGE_SIZE_MAX = 100;
const PAGE_SIZE_DEFAULT = 20;
const LIMIT_MAX = 20;
const LIMIT_DEFAULT = 10;
const FILTER_VALUES_MAX = 20;
const FILTER_LENGTH_MAX = 100;
const CURRENCY = /^[A-Z]{3}$/;
const WRITTEN = /^([0-9a-zA-Z_-]{1,64})@([1-9][0-9]{0,15})$/;
/** A letter, a digit or a symbol: what words are made of. */
const SAYS_SOMETHING = /[\p{L}\p{N}\p{S}]/u;

/** A search, checked and with its defaults filled in. */
export interface CheckedSearch {
  readonly criteria: SearchCriteria;
  readonly pageSize: number;
  readonly written: WrittenChange | undefined;
}

/** Checks a search; throws INVALID_ARGUMENT that says all that is wrong. */
export function readSearch(request: SearchProductsRequest): CheckedSearch {
  const violations = new FieldViolations();
  const { query, pageSize, categories, brands, inStockOnly, currencyCode } = request;
  checkText('query', query, QUERY_LENGTH_MAX, violations);
  checkCount('page_size', pageSize, { max: PAGE_SIZE_MAX, preset: PAGE_SIZE_DEFAULT }, violations);
  checkValues('categories', categories, violations);
  checkValues('brands', brands, violations);
  checkPrices(request, violations);
  const written = readWritten(request.written, violations);
  refuseIfInvalid(violations);
  return {
    criteria: {
      query,
      categories,
      brands,
      inStockOnly,
      currency: currencyCode,
      priceMin: request.priceMin === 0n ? undefined : request.priceMin,
      priceMax: request.priceMax === 0n ? undefined : request.priceMax,
    },
    pageSize: pageSize === 0 ? PAGE_SIZE_DEFAULT : pageSize,
    written,
  };
}

/** Checks a request for suggestions, likewise; gives their number. */
export function readSuggestionLimit({ prefix, limit }: SuggestProductsRequest): number {
  const violations = new FieldViolations();
  checkText('prefix', prefix, PREFIX_LENGTH_MAX, violations);
  checkCount('limit', limit, { max: LIMIT_MAX, preset: LIMIT_DEFAULT }, violations);
  refuseIfInvalid(violations);
  return limit === 0 ? LIMIT_DEFAULT : limit;
}

function checkText(field: string, value: string, max: number, violations: FieldViolations): void {
  if (lengthOf(value) > max || !SAYS_SOMETHING.test(fold(value))) {
    const rule = `must be 1 to ${max} characters, one of them a letter, a digit or a symbol`;
    violations.add(field, `${rule}, got ${quote(value)}`);
  }
}

function checkCount(
  field: string,
  value: number,
  { max, preset }: { readonly max: number; readonly preset: number },
  violations: FieldViolations,
): void {
  if (value < 0 || value > max) {
    violations.add(field, `must be 1 to ${max}, or 0 for the default of ${preset}, got ${value}`);
  }
}

function checkValues(field: string, values: readonly string[], violations: FieldViolations): void {
  if (values.length > FILTER_VALUES_MAX) {
    violations.add(field, `must be at most ${FILTER_VALUES_MAX}, got ${values.length}`);
  }
  for (const [index, value] of values.entries()) {
    if (value !== '' && lengthOf(value) <= FILTER_LENGTH_MAX) continue;
    const rule = `must be 1 to ${FILTER_LENGTH_MAX} characters`;
    violations.add(`${field}[${index}]`, `${rule}, got ${quote(value)}`);
  }
}

function checkPrices(
  { currencyCode, priceMin, priceMax }: SearchProductsRequest,
  violations: FieldViolations,
): void {
  if (currencyCode !== '' && !CURRENCY.test(currencyCode)) {
    const rule = 'must be an ISO 4217 code of three capital letters';
    violations.add('currency_code', `${rule}, got ${quote(currencyCode)}`);
  }
  if (priceMin < 0n) violations.add('price_min', `must not be negative, got ${priceMin}`);
  if (priceMax < 0n) violations.add('price_max', `must not be negative, got ${priceMax}`);
  if (currencyCode === '' && (priceMin !== 0n || priceMax !== 0n)) {
    violations.add('currency_code', 'must be given with price_min and price_max, got nothing');
  }
}

function readWritten(text: string, violations: FieldViolations): WrittenChange | undefined {
  if (text === '') return undefined;
  const [, productId, version] = WRITTEN.exec(text) ?? [];
  if (productId !== undefined) return { productId, version: Number(version) };
  violations.add('written', `must be a product's id, '@' and its version, got ${quote(text)}`);
  return undefined;
}
