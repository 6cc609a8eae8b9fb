import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { damagedTable } from './damaged-table.ts';

const price = z.strictObject({
  /** What is paid for and where, such as 'ec2.m7g.large.us-east-1'; '….any' and '….global' hold in every region. */
  id: z.string(),
  service: z.string(),
  unit: z.string(),
  region: z.string(),
  price_usd: z.string().regex(/^\d+\.\d+$/),
  source_url: z.url(),
  source_date: z.string().min(1),
  confidence: z.string(),
  read: z.enum(['direct', 'quoted']),
  note: z.string(),
});

const table = z.strictObject({
  gathered: z.iso.date(),
  currency: z.literal('USD'),
  rows: z.array(price),
});

/** A price with where it is from: list price before tax, without discounts and free tiers. */
export type Price = z.output<typeof price>;

/** The file of prices. */
export type PriceTable = z.output<typeof table>;

/** The dated table of prices. */
export interface Prices {
  /** The day on which the rows were put together. */
  readonly gathered: string;
  /** The price of something in a region, undefined where no row has one: a price is never guessed. */
  readonly of: (what: string, region: string) => Price | undefined;
  readonly rows: readonly Price[];
}

/** Where the program's table is. */
export const PRICES_FILE = path.join(import.meta.dirname, 'prices/aws-prices.json');

/**
 * The table in a file.
 *
 * @throws {CodedError} PRICES_TABLE_DAMAGED, with the line, for one that a merge has left in conflict, say, or that is not there
 */
export function readPriceTable(file: string): PriceTable {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
    return table.parse(JSON.parse(text));
  } catch (error) {
    throw damagedTable(file, text, error);
  }
}

/** A table, to look up what something costs. */
export function pricesOf({ gathered, rows }: PriceTable): Prices {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    gathered,
    rows,
    of: (what, region) =>
      byId.get(`${what}.${region}`) ?? byId.get(`${what}.any`) ?? byId.get(`${what}.global`),
  };
}

/** The table of this program. */
export function readPrices(): Prices {
  return pricesOf(readPriceTable(PRICES_FILE));
}
