import type { LookedUpPrice, RefreshedPrices } from './refresh-prices.ts';

/** What a refresh of the table came to: a line for each price that is not as it was, then the sum. */
export function refreshedText(
  { lookedUp, untouched }: Omit<RefreshedPrices, 'table'>,
  region: string,
): string {
  const found = lookedUp.filter(({ after }) => after !== undefined);
  const added = found.filter(({ before }) => before === undefined);
  const changed = found.filter(
    ({ before, after }) => before !== undefined && isOther(before, after),
  );
  const same = found.length - added.length - changed.length;
  return [
    ...[...changed, ...added].map(lineOf),
    ...lookedUp.filter(({ after }) => after === undefined).map(lineOf),
    `Found ${found.length} of ${lookedUp.length} prices in ${region}: ${changed.length} changed, ${added.length} new, ${same} as they were; ${untouched} rows of other sources and regions stay`,
  ].join('\n');
}

function isOther(before: string, after = before): boolean {
  return Number(before) !== Number(after);
}

function lineOf({ price, before, after, reason = 'it has no price' }: LookedUpPrice): string {
  if (after !== undefined) return `${price}: ${before ?? 'nothing'} → ${after}`;
  return `${price}: not found, as ${reason}; ${before === undefined ? 'it has no row' : `${before} stays, with its source`}`;
}
