import { compareText } from '@meridian/components/model/order.ts';
import { paidPart } from '../paid-parts.ts';
import type { Price, PriceTable } from '../prices.ts';
import { fetchOffer, offerUrl } from './fetch-offer.ts';
import { listedPrice, plainDecimal } from './listed-price.ts';
import { isOffered } from './offered-product.ts';
import type { OfferedProduct } from './offered-product.ts';
import { readOffer } from './read-offer.ts';
import type { Offer } from './read-offer.ts';

/** What is looked up, and where. */
export interface RefreshOptions {
  /** The address under which the list has its offers. */
  readonly from: URL;
  /** Of AWS, such as 'us-east-1'. */
  readonly region: string;
  /** Prices that there should be, without the region, besides those that the table has of it. */
  readonly wanted: readonly string[];
  /** Such as '2026-11-29'. */
  readonly today: string;
  /** Hears what is being read. */
  readonly tell: (line: string) => void;
}

/** A price that was looked up. */
export interface LookedUpPrice {
  /** With the region, as in the table. */
  readonly price: string;
  /** US dollars before; absent where the table had none. */
  readonly before?: string;
  /** US dollars now; absent where the list has none. */
  readonly after?: string;
  /** Why the list has none: the row, if there is one, stays as it was. */
  readonly reason?: string;
}

/** A table of prices, and what came of each that was looked up. */
export interface RefreshedPrices {
  readonly table: PriceTable;
  /** By name. */
  readonly lookedUp: readonly LookedUpPrice[];
  /** Rows of other sources and regions, which stay as they were. */
  readonly untouched: number;
}

interface Wanted {
  readonly price: string;
  readonly unit: string;
  readonly name: string;
  readonly offered: OfferedProduct;
}

/**
 * Looks up prices of a region in AWS's price list. A row whose price the list has no product for stays with its source; a price is
 * never guessed.
 *
 * @throws {CodedError} PRICES_UNREACHABLE, PRICES_UNREADABLE: nothing of what was read before is used then
 */
export async function refreshPrices(
  table: PriceTable,
  options: RefreshOptions,
): Promise<RefreshedPrices> {
  const { region, today } = options;
  const wanted = wantedOf(table, options);
  const found: Row[] = [];
  for (const service of new Set(wanted.map(({ offered }) => offered.service))) {
    const ofService = wanted.filter(({ offered }) => offered.service === service);
    found.push(...(await lookUp(service, ofService, options)));
  }
  const before = new Map(table.rows.map((row) => [row.id, row]));
  const after = new Map(before);
  for (const { id, row } of found) {
    if (row !== undefined)
      after.set(id, { ...row, service: before.get(id)?.service ?? row.service });
  }
  return {
    table: {
      ...table,
      gathered: today,
      rows: [...after.values()].toSorted((one, other) => compareText(one.id, other.id)),
    },
    lookedUp: found
      .map((row) => lookedUp(row, before.get(row.id)))
      .toSorted((one, other) => compareText(one.price, other.price)),
    untouched: table.rows.filter(
      ({ id }) => !wanted.some(({ price }) => `${price}.${region}` === id),
    ).length,
  };
}

function lookedUp({ id, row, reason }: Row, before: Price | undefined): LookedUpPrice {
  return {
    price: id,
    ...(before === undefined ? {} : { before: before.price_usd }),
    ...(row === undefined ? {} : { after: row.price_usd }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Those that are asked for and those that the table has of the region, as far as the list has products for them. */
function wantedOf({ rows }: PriceTable, { region, wanted }: RefreshOptions): readonly Wanted[] {
  const suffix = `.${region}`;
  const had = rows
    .filter(({ id }) => id.endsWith(suffix))
    .map(({ id }) => id.slice(0, -suffix.length));
  return [...new Set([...wanted, ...had])].flatMap((price) => {
    const { offered, name, unit } = paidPart(price) ?? {};
    return offered === undefined || name === undefined || unit === undefined
      ? []
      : [{ price, name, unit, offered }];
  });
}

interface Row {
  readonly id: string;
  readonly row?: Price;
  readonly reason?: string;
}

async function lookUp(
  service: string,
  wanted: readonly Wanted[],
  { from, region, tell }: RefreshOptions,
): Promise<readonly Row[]> {
  const url = offerUrl(from, service, region);
  tell(`Reading prices of ${service} in ${region} from ${url.host}`);
  const chunks = fetchOffer(service, url, (bytes) => {
    tell(`  ${Math.round(bytes / 1_000_000)} MB of ${service}`);
  });
  const offer = await readOffer(chunks, {
    service,
    url,
    isWanted: (product) => wanted.some(({ offered }) => isOffered(product, offered, region)),
  });
  return wanted.map((one) => rowOf(one, offer, { url, region }));
}

/** Several products may be one part, as storage is listed for each engine; then they have to cost the same. */
function rowOf(
  { price, name, unit, offered }: Wanted,
  { products, terms, published }: Offer,
  { url, region }: { readonly url: URL; readonly region: string },
): Row {
  const id = `${price}.${region}`;
  const matching = products.filter((product) => isOffered(product, offered, region));
  if (matching.length === 0) {
    return { id, reason: `${offered.service} lists no product with the usage '${offered.usage}'` };
  }
  const prices = matching.map(({ sku }) => ({
    sku,
    ...listedPrice(terms.get(sku) ?? {}, offered.unit),
  }));
  const [first] = prices;
  const odd = prices.find((one) => 'problem' in one);
  if (first === undefined || !('usd' in first) || odd !== undefined) {
    return { id, reason: odd === undefined ? 'it has no price' : `${odd.sku}: ${problemOf(odd)}` };
  }
  const other = prices.find((one) => 'usd' in one && one.usd !== first.usd);
  if (other !== undefined && 'usd' in other) {
    return {
      id,
      reason: `two products of it differ: ${first.sku} costs ${first.usd}, ${other.sku} ${other.usd}`,
    };
  }
  return {
    id,
    row: {
      ...{ id, service: name, unit, region },
      price_usd: plainDecimal(first.usd),
      ...{ source_url: url.href, source_date: published },
      ...{
        confidence: 'official price list',
        read: 'direct',
        note: `${first.note} (SKU ${first.sku})`,
      },
    },
  };
}

function problemOf(price: object): string {
  return 'problem' in price ? String(price.problem) : '';
}
