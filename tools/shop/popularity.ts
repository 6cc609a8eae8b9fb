import type { Random } from '@meridian/catalog/seed/random.ts';

/** Products are about as popular as web pages are. */
export const FAVOURITES_EXPONENT = 0.8;

/** The largest number that Random gives; a draw is one of so many. */
const DRAWS = 0xffff_fffe;

/**
 * Draws ranks as shoppers choose products: few are bought by many. By Zipf's law rank k has the weight
 * 1 / k^s; with s near 1 it describes requests for web pages (Breslau et al., "Web Caching and Zipf-like
 * Distributions", INFOCOM 1999, who find 0.64 to 0.83).
 */
export class Popularity {
  readonly #sums: Float64Array;

  /** @param count ranks, at least 1; @param exponent s, 0 for no favourites at all */
  constructor(count: number, exponent: number) {
    if (count < 1) throw new RangeError(`Ranks: must be at least 1, got ${count}`);
    this.#sums = new Float64Array(count);
    let sum = 0;
    for (let rank = 0; rank < count; rank += 1) {
      sum += 1 / (rank + 1) ** exponent;
      this.#sums[rank] = sum;
    }
  }

  /** A rank from 0, the most popular. */
  draw(random: Random): number {
    const total = this.#sums[this.#sums.length - 1] ?? 0;
    const wanted = (random.integer(0, DRAWS) / (DRAWS + 1)) * total;
    let low = 0;
    let high = this.#sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
