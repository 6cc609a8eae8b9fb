import type { Books } from './books.ts';
import type { Discrepancy } from './discrepancy.ts';

/** Sums of the ledger by currency; each is zero. */
export function ledgerSums({ balances }: Pick<Books, 'balances'>): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { amount } of balances) {
    if (amount === undefined) continue;
    sums.set(amount.currencyCode, (sums.get(amount.currencyCode) ?? 0n) + amount.minorUnits);
  }
  return sums;
}

/** Currencies in which money came from nowhere, or went there. */
export function ledgerDiscrepancies(books: Books): readonly Discrepancy[] {
  return [...ledgerSums(books)]
    .filter(([, sum]) => sum !== 0n)
    .map(([currency, sum]) => ({
      about: `currency ${currency}`,
      rule: 'the ledger sums to zero',
      found: String(sum),
      versions: String(sum),
    }));
}
