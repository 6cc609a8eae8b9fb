import type { Random } from '@meridian/catalog/seed/random.ts';
import type { Popularity } from './popularity.ts';

/** What a shopper may look for. */
export interface Ware {
  readonly productId: string;
  readonly name: string;
  /** Of its price; an order has one. */
  readonly currencyCode: string;
}

/** From which shoppers choose, and how. */
export interface Shelf {
  readonly wares: readonly Ware[];
  /** As many ranks as there are wares. */
  readonly popularity: Popularity;
  readonly random: Random;
}

/** How often another ware is drawn for one in the same currency. */
const DRAWS_MAX = 20;

/** A ware, the popular ones more often. */
export function drawWare({ wares, popularity, random }: Shelf): Ware {
  const ware = wares[popularity.draw(random)];
  if (ware === undefined) throw new RangeError('Wares: must be as many as there are ranks');
  return ware;
}

/** One that can be ordered together with another; undefined if none was met. */
export function drawBeside(shelf: Shelf, { currencyCode }: Ware): Ware | undefined {
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const ware = drawWare(shelf);
    if (ware.currencyCode === currencyCode) return ware;
  }
  return undefined;
}
