import { z } from 'zod';
import { isUnit } from './offered-product.ts';
import type { OfferedUnit } from './offered-product.ts';

/** Terms on which a product is sold on demand, as the list has them; usually one. */
export const listedTerms = z.record(
  z.string(),
  z.object({
    priceDimensions: z.record(
      z.string(),
      z.object({
        unit: z.string(),
        description: z.string(),
        beginRange: z.string().optional(),
        endRange: z.string().optional(),
        pricePerUnit: z.record(z.string(), z.string()),
      }),
    ),
  }),
);

export type ListedTerms = z.output<typeof listedTerms>;
type Dimension = ListedTerms[string]['priceDimensions'][string];

/** What one unit costs, or why that cannot be said. */
export type ListedPrice =
  { readonly usd: string; readonly note: string } | { readonly problem: string };

/**
 * The price of a product that is sold on these terms. What is free at first is left out, as in the whole table; of a price in tiers
 * it is the first that costs something, and the note says where it ends.
 */
export function listedPrice(terms: ListedTerms, unit: OfferedUnit): ListedPrice {
  const tiers = Object.values(terms)
    .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
    .toSorted((one, other) => Number(one.beginRange ?? 0) - Number(other.beginRange ?? 0));
  const [first] = tiers;
  if (first === undefined) return { problem: 'it is sold on no terms' };
  const other = tiers.find((tier) => !isUnit(tier.unit, unit));
  if (other !== undefined) {
    return { problem: `its unit must be one for '${unit}', got '${other.unit}'` };
  }
  const elsewhere = tiers.find(({ pricePerUnit }) => pricePerUnit['USD'] === undefined);
  if (elsewhere !== undefined) {
    const currencies = Object.keys(elsewhere.pricePerUnit).join(', ');
    return { problem: `its price must be in USD, got ${currencies || 'none'}` };
  }
  const odd = tiers.find((tier) => !/^\d+(\.\d+)?$/.test(usdOf(tier)));
  if (odd !== undefined) return { problem: `its price must be a decimal, got '${usdOf(odd)}'` };
  const costing = tiers.filter((tier) => Number(usdOf(tier)) > 0);
  const [paid = first, ...dearer] = costing;
  const sameStart = dearer.find(({ beginRange }) => beginRange === paid.beginRange);
  if (sameStart !== undefined && plainDecimal(usdOf(sameStart)) !== plainDecimal(usdOf(paid))) {
    return { problem: `it has two prices, ${usdOf(paid)} and ${usdOf(sameStart)}` };
  }
  return { usd: plainDecimal(usdOf(paid)), note: noteOf(paid, costing.length) };
}

function usdOf({ pricePerUnit }: Dimension): string {
  return pricePerUnit['USD'] ?? '';
}

function noteOf({ description, endRange = 'Inf' }: Dimension, tiers: number): string {
  return tiers > 1 ? `${description}; the first of ${tiers} tiers, up to ${endRange}` : description;
}

/** The list pads with zeros, as in '0.0816000000'; here are two digits of cents and as many more as say something. */
export function plainDecimal(text: string): string {
  const [whole = '0', digits = ''] = text.split('.');
  return `${whole.replace(/^0+(?=\d)/, '')}.${digits.replace(/0+$/, '').padEnd(2, '0')}`;
}
