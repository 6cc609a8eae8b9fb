import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { IndexWriter } from './index-writer.ts';
import type { ProductChange } from './product-document.ts';
import { productOf, stockOf } from './testing/products.ts';
import { openSearchWorld } from './testing/search-world.ts';
import type { SearchWorld } from './testing/search-world.ts';

let world: SearchWorld;

beforeAll(async () => {
  world = await openSearchWorld('write');
}, 180_000);

afterAll(() => world.close());

/** A product's life: it is changed some times, its stock too, and it may leave the assortment. */
interface Life {
  readonly versions: number;
  readonly stocks: readonly number[];
  readonly leaves: boolean;
}

const life: fc.Arbitrary<Life> = fc.record({
  versions: fc.integer({ min: 1, max: 4 }),
  stocks: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 4 }),
  leaves: fc.boolean(),
});

function eventsOf(productId: string, { versions, stocks, leaves }: Life): readonly ProductChange[] {
  const products = Array.from({ length: versions }, (_, index) => {
    const discontinued = leaves && index === versions - 1;
    // Attributes come and go: a half is replaced, and not merged with the one before.
    const attributes = { [`colour_${index}`]: `shade${index}` };
    return { productId, product: productOf(productId, index + 1, { discontinued, attributes }) };
  });
  return [
    ...products,
    ...stocks.map((onHand, index) => ({ productId, stock: stockOf(productId, index + 1, onHand) })),
  ];
}

const WRITERS = 4;

let run = 0;

test('events in any order, repeated, in any batches and by several writers at once leave what the last ones say', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(life, { minLength: 1, maxLength: 2 }),
      fc.infiniteStream(fc.nat()),
      async (lives, order) => {
        run += 1;
        const ids = lives.map((_, index) => `r${run}-${index}`);
        const events = lives.flatMap((each, index) => eventsOf(ids[index] ?? '', each));
        // Only what is not the last of its kind comes again, so that a lost write is not made good by that.
        const repeated = shuffled(
          [...events, ...events.filter((each) => !isLast(each, events))],
          order,
        );
        const writers = Array.from({ length: WRITERS }, async (_, writer) => {
          const own = repeated.filter((_event, index) => index % WRITERS === writer);
          for (let start = 0; start < own.length; start += 2) {
            await new IndexWriter(world.elasticsearch, world.elasticsearch.index).apply(
              own.slice(start, start + 2),
            );
          }
        });
        await Promise.all(writers);
        const { body } = await world.index.request('POST', `/${world.elasticsearch.index}/_mget`, {
          ids,
        });
        const { docs } = body as { docs: { _source: Record<string, unknown> }[] };
        for (const [index, each] of lives.entries()) {
          expect(docs[index]?._source).toMatchObject(expected(each));
          const text = JSON.stringify(docs[index]?._source);
          expect(text.match(/shade\d/gu) ?? []).toEqual(
            each.leaves ? [] : Array(2).fill(`shade${each.versions - 1}`),
          );
        }
      },
    ),
    { numRuns: 20 },
  );
}, 120_000);

function isLast(change: ProductChange, events: readonly ProductChange[]): boolean {
  const version = change.product?.version ?? change.stock?.version ?? 0n;
  const kind = change.product === undefined ? 'stock' : 'product';
  return !events.some(
    (each) => each.productId === change.productId && (each[kind]?.version ?? 0n) > version,
  );
}

function expected({ versions, stocks, leaves }: Life): object {
  if (leaves) return { shown: false, product: { version: versions } };
  const stock = { stock: { version: stocks.length }, in_stock: stocks.at(-1) === 1 };
  return { shown: true, product: { version: versions }, ...stock };
}

function shuffled<T>(values: readonly T[], random: Iterator<number>): readonly T[] {
  return values
    .map((value) => ({ value, at: Number(random.next().value) }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ value }) => value);
}

test('an index that is not there is waited for, and is not made by writing to it', async () => {
  const writer = new IndexWriter(world.elasticsearch, `${world.elasticsearch.index}.absent`);
  const change = { productId: 'a', product: productOf('a', 1) };
  await expect(writer.apply([change])).rejects.toMatchObject({ status: 'UNAVAILABLE' });
  expect((await world.admin.list()).map(({ name }) => name)).toHaveLength(1);
});
