import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CatalogueModel } from '../testing/catalogue-model.ts';
import { productOf, stockOf } from '../testing/products.ts';
import { openSearchWorld } from '../testing/search-world.ts';
import type { SearchWorld } from '../testing/search-world.ts';
import { IndexKeeper } from './index-keeper.ts';
import { REBUILD_STEPS, Rebuild } from './rebuild.ts';
import type { RebuildStep, RebuildWorld } from './rebuild.ts';
import { LEASE_MS, RebuildRecords } from './rebuild-record.ts';

const PRODUCTS = 25;

let world: SearchWorld;
let model: CatalogueModel;
let nowMs: number;
let parts: RebuildWorld;

beforeAll(async () => {
  world = await openSearchWorld('rebuild', { empty: true });
}, 180_000);

afterAll(() => world.close());

beforeEach(async () => {
  for (const { name } of await world.admin.list()) await world.admin.remove(name);
  await world.admin.remove(`${world.elasticsearch.index}.rebuild`);
  model = new CatalogueModel();
  for (let each = 0; each < PRODUCTS; each += 1) {
    const productId = `p${each}`;
    model.change({ productId, product: productOf(productId, 1) });
    model.change({ productId, stock: stockOf(productId, 1, each) });
  }
  model.change({ productId: 'p7', product: productOf('p7', 2, { discontinued: true }) });
  nowMs = Date.now();
  parts = {
    search: world.elasticsearch,
    records: new RebuildRecords(world.elasticsearch, () => new Date(nowMs)),
    events: model,
    walk: model,
    log: world.process.runtime.log,
  };
}, 60_000);

const forever = new AbortController().signal;

async function rebuild(before?: RebuildWorld['before']): Promise<void> {
  const run = await Rebuild.begin(
    { ...parts, ...(before === undefined ? {} : { before }) },
    forever,
  );
  await run.run();
}

/** What the consumer of the index in use does, as far as it can. */
async function consume(): Promise<void> {
  await world.writer.apply(model.pending);
  model.applied += model.pending.length;
}

/** Holds the index in use, and all that is there, against the catalogue. */
async function expectWhole(): Promise<void> {
  await world.search.refresh();
  const indices = await world.admin.list();
  expect(indices.map(({ aliases }) => aliases.includes(world.elasticsearch.index))).toEqual([true]);
  const versions = await world.writer.versions(model.all.map(({ productId }) => productId));
  for (const { productId, product, stock } of model.all) {
    const left = product?.discontinueTime !== undefined;
    expect([productId, versions.get(productId)?.product]).toEqual([
      productId,
      Number(product?.version),
    ]);
    if (!left) expect(versions.get(productId)?.stock).toBe(Number(stock?.version ?? 0n));
  }
  const { body } = await world.index.request(
    'GET',
    `/${world.elasticsearch.index}/_count?q=shown:true`,
  );
  const shown = model.all.filter(({ product }) => product?.discontinueTime === undefined).length;
  expect(body).toMatchObject({ count: shown });
}

/** A change at every step, of each kind. */
function changeAt(step: RebuildStep): void {
  const number = REBUILD_STEPS.indexOf(step);
  const [updated, left, sold, added] = [`p${number}`, `p${12 + number}`, 'p24', `n${number}`];
  model.change({ productId: updated, product: productOf(updated, 10 + number) });
  model.change({ productId: left, product: productOf(left, 10, { discontinued: true }) });
  model.change({ productId: sold, stock: stockOf(sold, 10 + number, number % 2) });
  model.change({ productId: added, product: productOf(added, 1) });
  model.change({ productId: added, stock: stockOf(added, 1, 1) });
}

describe('a rebuild', () => {
  test('has all that changes while it runs, whether the index in use has had it or not', async () => {
    await rebuild();
    await consume();
    await rebuild(async (step) => {
      changeAt(step);
      // The consumer is behind by a step, and writes what the new index is to have just before it takes over.
      if (step !== 'switch') await consume();
    });
    await expectWhole();
    expect(await parts.records.last()).toMatchObject({ phase: 'done' });
  }, 60_000);

  test.each(REBUILD_STEPS)(
    'that is killed before the step %s can be started again',
    async (killed) => {
      await rebuild();
      await consume();
      const before = await world.admin.current();
      const keepsDead = Promise.withResolvers<never>();
      const dead = Rebuild.begin(
        {
          ...parts,
          before: (step) => {
            changeAt(step);
            // As for a process that is killed, nothing after it is run.
            if (step !== killed) return;
            stopped.resolve(undefined);
            return keepsDead.promise;
          },
        },
        forever,
      );
      const stopped = Promise.withResolvers<undefined>();
      void (await dead).run().catch(stopped.reject);
      await stopped.promise;
      // The consumer goes on with whichever index is in use, but not with what it wrote to the other.
      model.applied += model.pending.length;
      const switched = (await world.admin.current()) !== before;

      await expect(rebuild()).rejects.toMatchObject({ status: 'FAILED_PRECONDITION' });
      nowMs += LEASE_MS;
      if (switched) {
        const keeper = new IndexKeeper(parts);
        await keeper.look();
      } else {
        await rebuild();
      }
      await expectWhole();
    },
    60_000,
  );

  test('that is taken for dead can neither write nor switch once another has begun', async () => {
    await rebuild();
    const late = Promise.withResolvers<undefined>();
    const reached = Promise.withResolvers<undefined>();
    const first = rebuild(async (step) => {
      if (step !== 'intend') return;
      reached.resolve(undefined);
      await late.promise;
    });
    await reached.promise;
    nowMs += LEASE_MS;
    await rebuild();
    const current = await world.admin.current();
    late.resolve(undefined);
    await expect(first).rejects.toThrow(/another has taken over/);
    expect(await world.admin.current()).toBe(current);
    await expectWhole();
  }, 60_000);

  test('that finds something lacking leaves the index in use as it is, and says what', async () => {
    await rebuild();
    const current = await world.admin.current();
    const losing = rebuild(async (step) => {
      if (step !== 'compare') return;
      const built = (await world.admin.list()).find(({ name }) => name !== current);
      await world.index.request('DELETE', `/${built?.name}/_doc/p3`);
    });
    await expect(losing).rejects.toThrow('the new index lacks 1 products: p3');
    expect(await world.admin.current()).toBe(current);
    expect(await parts.records.last()).toMatchObject({
      phase: 'failed',
      error: expect.stringContaining('lacks'),
    });
  }, 60_000);
});

describe('the keeper of the index', () => {
  test('builds it where there is none, and again where events have gone', async () => {
    const keeper = new IndexKeeper(parts);
    await keeper.look();
    await expectWhole();
    const first = await world.admin.current();
    await keeper.look();
    expect(await world.admin.current()).toBe(first);
    // Applied to nothing, and gone from the topic since.
    model.change({ productId: 'p1', product: productOf('p1', 5) });
    model.expired = 100;
    await new IndexKeeper(parts).look();
    expect(await world.admin.current()).not.toBe(first);
  }, 60_000);
});
