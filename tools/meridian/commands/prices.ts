import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { PRICE_LIST } from '../../cost/price-list/fetch-offer.ts';
import { refreshPriceFile } from '../../cost/price-list/refresh-price-file.ts';
import { refreshedText } from '../../cost/price-list/refreshed-text.ts';
import { wantedPrices } from '../../cost/price-list/wanted-prices.ts';
import { PRICES_FILE } from '../../cost/prices.ts';
import { printJson } from '../output/print-json.ts';
import { programFolder } from '../places.ts';

/** Options of `npm run prices`. */
export interface PricesOptions {
  /** Of AWS, such as 'us-east-1'. */
  readonly region: string;
  readonly json?: boolean;
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/;

/**
 * Looks up what AWS charges in its public price list, and writes the table of prices. Fails while the list has no product for one
 * of them, whose row then stays as it was.
 *
 * @throws {CodedError} PRICES_UNREACHABLE, PRICES_UNREADABLE, PRICES_REGION_UNKNOWN: the table is as it was
 */
export async function prices({ region, json = false }: PricesOptions): Promise<number> {
  if (!REGION.test(region)) {
    throw new CodedError(
      'PRICES_REGION_UNKNOWN',
      `Option '--region': must be a region of AWS such as us-east-1, got '${region}'; give one, or leave the option out for us-east-1`,
    );
  }
  const told = await refreshPriceFile(PRICES_FILE, {
    ...{ from: PRICE_LIST, region, wanted: wantedPrices() },
    today: new Date().toISOString().slice(0, 10),
    tell: (line) => process.stderr.write(`${line}\n`),
  });
  if (json) {
    printJson<'prices'>({ file: PRICES_FILE, region, ...told });
  } else {
    const file = path.relative(programFolder, PRICES_FILE);
    process.stdout.write(`${refreshedText(told, region)}\nWrote ${file}\n`);
  }
  return told.lookedUp.every(({ after }) => after !== undefined) ? 0 : 1;
}
