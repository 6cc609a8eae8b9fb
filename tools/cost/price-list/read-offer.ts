import { JSONParser } from '@streamparser/json';
import { z } from 'zod';
import { CodedError } from '@meridian/language/coded-error.ts';
import { listedTerms } from './listed-price.ts';
import type { ListedTerms } from './listed-price.ts';
import type { ListedProduct } from './offered-product.ts';

/** What of a service's part of the price list was looked for. */
export interface Offer {
  /** When AWS published it. */
  readonly published: string;
  /** The products that were wanted, in the order of the list. */
  readonly products: readonly ListedProduct[];
  /** Of these products, by SKU; one that is not sold on demand has none. */
  readonly terms: ReadonlyMap<string, ListedTerms>;
}

/** What is read, and what of it is kept. */
export interface OfferToRead {
  readonly service: string;
  /** Where it is from, for what is told of it. */
  readonly url: URL;
  readonly isWanted: (product: ListedProduct) => boolean;
}

const product = z.object({
  sku: z.string(),
  productFamily: z.string().optional(),
  attributes: z.record(z.string(), z.string()),
});

/** The format of the list that is read. Source: docs.aws.amazon.com, "Reading the service price list files" */
const FORMAT = 'v1.0';

/**
 * Reads a service's part of AWS's price list as it comes, for which there may be hundreds of megabytes of it: only what is wanted is
 * kept. All of it is read, so that what was cut off is not taken for whole.
 *
 * @throws {CodedError} PRICES_UNREADABLE where it has another shape
 */
export async function readOffer(
  chunks: AsyncIterable<Uint8Array>,
  { service, url, isWanted }: OfferToRead,
): Promise<Offer> {
  const kept = new Map<string, ListedProduct>();
  const terms = new Map<string, ListedTerms>();
  const told = new Map<string, unknown>();
  const refuse = (problem: string, cause?: unknown): CodedError =>
    new CodedError(
      'PRICES_UNREADABLE',
      `Prices of '${service}': must be a list in format ${FORMAT}, ${problem}, at ${url.href}; the table of prices is as it was`,
      { cause },
    );
  const check = <T>(shape: z.ZodType<T>, value: unknown, what: string): T => {
    const parsed = shape.safeParse(value);
    if (parsed.success) return parsed.data;
    throw refuse(`got ${what} of another shape (${z.prettifyError(parsed.error)})`, parsed.error);
  };
  const seen = new Set<'products' | 'terms'>();
  const parser = new JSONParser({
    paths: ['$.formatVersion', '$.offerCode', '$.publicationDate'].concat([
      '$.products.*',
      '$.terms.OnDemand.*',
    ]),
    keepStack: false,
  });
  // What is thrown from here ends the reading below.
  parser.onError = (error) => {
    throw error instanceof CodedError ? error : refuse(`got '${error.message}'`, error);
  };
  parser.onValue = ({ value, key, stack }) => {
    if (stack.length === 1) {
      told.set(String(key), value);
    } else if (stack.length === 2) {
      if (seen.has('terms')) throw refuse('got products behind their terms');
      seen.add('products');
      const one = check(product, value, `the product '${String(key)}'`);
      if (isWanted(one)) kept.set(one.sku, one);
    } else {
      seen.add('terms');
      if (kept.has(String(key))) {
        terms.set(String(key), check(listedTerms, value, `the terms of '${String(key)}'`));
      }
    }
  };
  for await (const chunk of chunks) {
    if (!parser.isEnded) parser.write(chunk);
  }
  if (!parser.isEnded) throw refuse('got one that ends in its middle');
  if (told.get('formatVersion') !== FORMAT || told.get('offerCode') !== service) {
    throw refuse(
      `got formatVersion ${JSON.stringify(told.get('formatVersion'))} of ${JSON.stringify(told.get('offerCode'))}`,
    );
  }
  if (seen.size < 2) {
    throw refuse(`got one without ${seen.has('products') ? 'terms' : 'products'}`);
  }
  const published = check(
    z.string().regex(/^\d{4}-\d{2}-\d{2}/),
    told.get('publicationDate'),
    'a publicationDate',
  );
  return { published: published.slice(0, 10), products: [...kept.values()], terms };
}
