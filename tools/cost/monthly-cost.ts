import { compareText } from '@meridian/components/model/order.ts';
import { chargesOf, HOURS } from './charges.ts';
import type { PricedResource } from './charges.ts';
import { paidPart } from './paid-parts.ts';
import type { Price, Prices } from './prices.ts';

/** What a month of a stack costs, as far as there are prices. */
export interface MonthlyCost {
  readonly region: string;
  /** Whether there are prices of the region; where there are none, the sum says nothing. */
  readonly isPriced: boolean;
  /** Cents of a US dollar, of what has a price. */
  readonly cents: number;
  /** By what is paid for, the dearest first. */
  readonly lines: readonly CostLine[];
  /** By what is paid for whatever its size is: by this two months are held against each other. */
  readonly kinds: readonly KindSum[];
  /** What the sum is without: what has no row in the table, then what is paid for by use. */
  readonly without: readonly UnpricedPart[];
}

/** What everything of one kind comes to. */
export interface KindSum {
  /** Such as 'brokers of Kafka'. */
  readonly kind: string;
  /** Of what has a price. */
  readonly cents: number;
  /** What of it has none, as a person would name it, sorted. */
  readonly unpriced: readonly string[];
}

/** One price, and how much of it a month takes. */
export interface CostLine {
  /** What is paid for, as a person would name it. */
  readonly what: string;
  /** What it is of whatever size. */
  readonly kind: string;
  /** Of the table of prices. */
  readonly price: Price;
  /** In the price's unit. */
  readonly amount: number;
  readonly cents: number;
  /** By their names in the program. */
  readonly resources: readonly string[];
}

/** Something that is paid for and is in no sum. */
export interface UnpricedPart {
  /** As a person would name it. */
  readonly what: string;
  /** Whether it is paid for by what is used of it, of which a declaration does not tell. */
  readonly isByUse: boolean;
  /**
   * How many of it there are all month long: machines, GiB, or whatever is counted.
   * @default what is paid for by use is not counted
   */
  readonly amount?: number;
  /** By their names in the program. */
  readonly resources: readonly string[];
}

interface Amount {
  readonly price: string;
  readonly amount: number;
  readonly resources: readonly string[];
}

/** A month of resources, undefined for a stack that has none of a cloud which is charged for. */
export function monthlyCost(
  resources: readonly PricedResource[],
  region: string,
  prices: Prices,
): MonthlyCost | undefined {
  const charged = chargesOf(resources);
  if (charged.length === 0) return undefined;
  const amounts = new Map<string, Amount>();
  const used = new Map<string, readonly string[]>();
  for (const { charges, byUse, resource } of charged) {
    for (const { price, amount } of charges) {
      const { amount: sum = 0, resources: others = [] } = amounts.get(price) ?? {};
      amounts.set(price, { price, amount: sum + amount, resources: named(others, resource) });
    }
    for (const what of byUse) used.set(what, named(used.get(what), resource));
  }
  const priced = [...amounts.values()].map((one) => ({
    ...one,
    row: Number.isNaN(one.amount) ? undefined : prices.of(one.price, region),
  }));
  const lines = priced
    .flatMap(({ row, amount, resources: of, price }) =>
      row === undefined
        ? []
        : [
            {
              ...{ what: nameOf(price), kind: kindOf(price), price: row, amount, resources: of },
              cents: Math.round(amount * Number(row.price_usd) * 100),
            },
          ],
    )
    .toSorted((one, other) => other.cents - one.cents || compareText(one.price.id, other.price.id));
  const unknown = priced
    .filter(({ row }) => row === undefined)
    .map(({ price, amount, resources: of }) => ({
      ...{ what: nameOf(price), isByUse: false, resources: of },
      // Of a price that nobody has heard of nobody knows the unit either.
      amount: (paidPart(price)?.unit ?? '').endsWith('hour') ? amount / HOURS : amount,
    }));
  const byUse = [...used].map(([what, of]) => ({ what, isByUse: true, resources: of }));
  return {
    region,
    isPriced: unknown.length === 0 || prices.rows.some(({ id }) => id.endsWith(`.${region}`)),
    cents: lines.reduce((sum, { cents }) => sum + cents, 0),
    lines,
    kinds: kindsOf(
      lines,
      priced.flatMap(({ row, price }) => (row === undefined ? [price] : [])),
    ),
    without: [...unknown.toSorted(byName), ...byUse.toSorted(byName)],
  };
}

function kindsOf(lines: readonly CostLine[], unpriced: readonly string[]): readonly KindSum[] {
  const kinds = new Set([...lines.map(({ kind }) => kind), ...unpriced.map(kindOf)]);
  return [...kinds].map((kind) => ({
    kind,
    cents: lines.reduce((sum, line) => sum + (line.kind === kind ? line.cents : 0), 0),
    unpriced: unpriced
      .filter((price) => kindOf(price) === kind)
      .map(nameOf)
      .toSorted(),
  }));
}

function named(
  names: readonly string[] | undefined = [],
  { name }: PricedResource,
): readonly string[] {
  return names.includes(name) ? names : [...names, name];
}

function nameOf(price: string): string {
  return paidPart(price)?.name ?? price;
}

function kindOf(price: string): string {
  return paidPart(price)?.kind ?? nameOf(price);
}

function byName(one: UnpricedPart, other: UnpricedPart): number {
  return compareText(one.what, other.what);
}
