import { chargesOf } from './charges.ts';
import type { PricedResource } from './charges.ts';
import type { Prices } from './prices.ts';

/** What a month of a stack costs, as far as there are prices. */
export interface MonthlyCost {
  readonly region: string;
  /** Cents of a US dollar, of what has a price. */
  readonly cents: number;
  /** By what is paid for, the dearest first. */
  readonly lines: readonly CostLine[];
  /** What the sum is without: what has no row in the table, and what is paid for by use. */
  readonly without: readonly string[];
}

/** One price, and how much of it a month takes. */
export interface CostLine {
  /** Of the table of prices. */
  readonly price: string;
  readonly amount: number;
  readonly unit: string;
  readonly cents: number;
}

/** A month of resources, undefined for a stack that has none of a cloud which is charged for. */
export function monthlyCost(
  resources: readonly PricedResource[],
  region: string,
  prices: Prices,
): MonthlyCost | undefined {
  const charged = chargesOf(resources);
  if (charged.length === 0) return undefined;
  const amounts = new Map<string, number>();
  for (const { price, amount } of charged.flatMap(({ charges }) => charges)) {
    amounts.set(price, (amounts.get(price) ?? 0) + amount);
  }
  const priced = [...amounts].map(([what, amount]) => ({
    what,
    amount,
    row: prices.of(what, region),
  }));
  const lines = priced
    .flatMap(({ amount, row }) =>
      row === undefined || Number.isNaN(amount)
        ? []
        : [
            {
              price: row.id,
              amount,
              unit: row.unit,
              cents: Math.round(amount * Number(row.price_usd) * 100),
            },
          ],
    )
    .toSorted((one, other) => other.cents - one.cents || (one.price < other.price ? -1 : 1));
  const unpriced = priced
    .filter(({ amount, row }) => row === undefined || Number.isNaN(amount))
    .map(({ what }) => what);
  const used = charged.flatMap(({ byUse }) => byUse);
  return {
    region,
    cents: lines.reduce((sum, { cents }) => sum + cents, 0),
    lines,
    without: [...[...new Set(unpriced)].toSorted(), ...[...new Set(used)].toSorted()],
  };
}

/** A sum in words, such as '$1,234.50'. */
export function dollars(cents: number): string {
  return `$${(cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** A month in one sentence: a sum that lacks a part is never told as a total. */
export function costText({ cents, without, region }: MonthlyCost, gathered: string): string {
  const told = `${dollars(cents)} a month in ${region}, by list prices of ${gathered}`;
  return without.length === 0 ? told : `at least ${told}, without ${without.join(', ')}`;
}
