import { CodedError } from '@meridian/language/coded-error.ts';
import type { CostLine, MonthlyCost, UnpricedPart } from './monthly-cost.ts';

/** A sum in words, such as '$1,234.50'. */
export function dollars(cents: number): string {
  return `$${(cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** A month in one sentence: a sum that lacks a part is never told as a total. */
export function costText(cost: MonthlyCost, gathered: string): string {
  const { cents, without, region } = cost;
  if (!cost.isPriced) return `${unpricedText(region)} (${lookUpOf(region)})`;
  const told = `${dollars(cents)} a month in ${region}, by list prices ${datesText(cost, gathered)}`;
  if (without.length === 0) return told;
  const { unknown, byUse } = byReason(without);
  return [
    `at least ${told}`,
    ...(unknown.length === 0 ? [] : [`without ${unknown.join(', ')}, whose price is not known`]),
    ...(byUse.length === 0 ? [] : [`without what is paid for by use: ${byUse.join(', ')}`]),
  ].join('; ');
}

/** What a month is where there are no prices of its region: no sum, which would be taken for one. */
export function unpricedText(region: string): string {
  return `not known: no prices of region ${region}`;
}

/**
 * Refuses a month of a region that there are no prices of.
 *
 * @throws {CodedError} PRICES_REGION_MISSING
 */
export function refuseUnpriced({ isPriced, region }: MonthlyCost): void {
  if (isPriced) return;
  throw new CodedError(
    'PRICES_REGION_MISSING',
    `Region '${region}': must be one that there are prices of, got none in the table; look them up with ${lookUpOf(region)}`,
  );
}

function lookUpOf(region: string): string {
  return `npm run prices -- --region ${region}`;
}

/** A table that was put together lately may have rows that are years old. */
function datesText({ lines }: MonthlyCost, gathered: string): string {
  const [oldest] = lines
    .map(({ price }) => price.source_date)
    .filter((date) => /^\d{4}-\d{2}-\d{2}$/.test(date))
    .toSorted();
  return `put together on ${gathered}${oldest === undefined ? '' : ` (the oldest is of ${oldest})`}`;
}

/** A month by what is paid for, with the source of each price; ends in a line break. */
export function costTable(stack: string, cost: MonthlyCost, gathered: string): string {
  const { lines, without, cents, region } = cost;
  const { unknown, byUse } = byReason(without);
  const width = Math.max(...lines.map((line) => dollars(line.cents).length), 0);
  const section = (title: string, parts: readonly string[]): readonly string[] =>
    parts.length === 0 ? [] : ['', title, ...parts.map((part) => `  ${part}`)];
  return [
    `A month of '${stack}' in ${region}, by list prices ${datesText(cost, gathered)}, before tax and without discounts:`,
    '',
    ...lines.flatMap((line) => lineText(line, width)),
    '',
    `${without.length === 0 ? 'All' : 'At least'} ${dollars(cents)} a month.`,
    ...section('Not in it, as its price is not known:', unknown),
    ...section('Not in it, as it is paid for by use:', byUse),
    '',
  ].join('\n');
}

function lineText(
  { what, cents, amount, price, resources }: CostLine,
  width: number,
): readonly string[] {
  const count = amount.toLocaleString('en-US');
  return [
    `  ${dollars(cents).padStart(width)}  ${what} (${namesText(resources)}): ${count} × $${price.price_usd} (${price.unit})`,
    `  ${' '.repeat(width)}  ${price.source_url} (${price.source_date})`,
  ];
}

function byReason(without: readonly UnpricedPart[]): {
  readonly unknown: readonly string[];
  readonly byUse: readonly string[];
} {
  const text = ({ what, resources }: UnpricedPart): string => `${what} (${namesText(resources)})`;
  return {
    unknown: without.filter(({ isByUse }) => !isByUse).map(text),
    byUse: without.filter(({ isByUse }) => isByUse).map(text),
  };
}

/** So many are named; of more the number is told. */
const NAMED = 3;

function namesText(names: readonly string[]): string {
  return names.length > NAMED ? `${names.length} resources` : names.join(', ');
}
