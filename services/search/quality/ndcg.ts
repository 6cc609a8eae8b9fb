import type { Product } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { JudgedQuery, Wanted } from './judged-queries.ts';

/** Hits that count. */
export const DEPTH = 10;

/** How good a product is for a query: 3, 1 or 0. */
export function gradeOf({ perfect, fair }: JudgedQuery, product: Product): number {
  if (perfect.some((wanted) => fits(wanted, product))) return 3;
  return fair.some((wanted) => fits(wanted, product)) ? 1 : 0;
}

function fits({ name, brand, category, attribute }: Wanted, product: Product): boolean {
  return (
    (name === undefined || product.name.includes(name)) &&
    (brand === undefined || product.brand.includes(brand)) &&
    (category === undefined || product.category === category) &&
    (attribute === undefined || Object.values(product.attributes).includes(attribute))
  );
}

/**
 * How near the order of hits is to the best one, 0 to 1: normalised discounted cumulative gain of the
 * first ten, with the gain 2^grade - 1. Undefined where the catalogue has nothing that is meant.
 * Source: Järvelin and Kekäläinen 2002; Burges et al. 2005 for the gain.
 */
export function ndcg(
  judged: JudgedQuery,
  hits: readonly Product[],
  catalogue: readonly Product[],
): number | undefined {
  const grades = catalogue.map((product) => gradeOf(judged, product));
  const best = discounted(grades.toSorted((a, b) => b - a));
  if (best === 0) return undefined;
  return discounted(hits.map((product) => gradeOf(judged, product))) / best;
}

function discounted(grades: readonly number[]): number {
  return grades
    .slice(0, DEPTH)
    .reduce((sum, grade, rank) => sum + (2 ** grade - 1) / Math.log2(rank + 2), 0);
}
