import { writeFileAtomic } from '@meridian/provider-local/machine/atomic-file.ts';
import { readPriceTable } from '../prices.ts';
import { refreshPrices } from './refresh-prices.ts';
import type { RefreshedPrices, RefreshOptions } from './refresh-prices.ts';

/** A file of the repository, which everybody may read. */
const MODE = 0o644;

/**
 * Looks up prices and writes them to the file of the table in one step, when all of them are read.
 *
 * @throws {CodedError} PRICES_UNREACHABLE, PRICES_UNREADABLE: the file is as it was then
 */
export async function refreshPriceFile(
  file: string,
  options: RefreshOptions,
): Promise<Omit<RefreshedPrices, 'table'>> {
  const { table, ...told } = await refreshPrices(readPriceTable(file), options);
  await writeFileAtomic(file, `${JSON.stringify(table, null, 2)}\n`, MODE);
  return told;
}
