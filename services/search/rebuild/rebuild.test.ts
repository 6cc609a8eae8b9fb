import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { productOf } from '../testing/products.ts';
import { RebuildScenario } from '../testing/rebuild-scenario.ts';
import { openSearchWorld } from '../testing/search-world.ts';
import type { SearchWorld } from '../testing/search-world.ts';
import { IndexKeeper } from './index-keeper.ts';

let world: SearchWorld;
let scenario: RebuildScenario;

beforeAll(async () => {
  world = await openSearchWorld('rebuild', { empty: true });
}, 180_000);

afterAll(() => world.close());

beforeEach(async () => {
  scenario = await RebuildScenario.begin(world);
}, 60_000);

describe('a rebuild', () => {
  test('has all that changes while it runs, whether the index in use has had it or not', async () => {
    await scenario.rebuild();
    await scenario.consume();
    await scenario.rebuild(async (step) => {
      scenario.changeAt(step);
      // What the consumer writes just before another index takes over, that one is to have too.
      if (step !== 'switch') await scenario.consume();
    });
    await scenario.expectWhole();
    expect(await scenario.parts.records.last()).toMatchObject({ phase: 'done', error: '' });
  }, 60_000);

  // All steps: tests/long/rebuilds.test.ts.
  test.each(['compare', 'settle'] as const)(
    'that is killed before the step %s can be started again',
    (step) => scenario.killedBefore(step),
    60_000,
  );

  test('that is taken for dead can neither write nor switch once another has begun', async () => {
    await scenario.rebuild();
    const late = Promise.withResolvers<undefined>();
    const reached = Promise.withResolvers<undefined>();
    const first = scenario.rebuild(async (step) => {
      if (step !== 'intend') return;
      reached.resolve(undefined);
      await late.promise;
    });
    await reached.promise;
    scenario.leaseRunsOut();
    await scenario.rebuild();
    const current = await world.admin.current();
    late.resolve(undefined);
    await expect(first).rejects.toThrow(/another has taken over/);
    expect(await world.admin.current()).toBe(current);
    await scenario.expectWhole();
  }, 60_000);

  test('that finds something lacking leaves the index in use as it is, and says what', async () => {
    await scenario.rebuild();
    const current = await world.admin.current();
    const losing = scenario.rebuild(async (step) => {
      if (step !== 'compare') return;
      const built = (await world.admin.list()).find(({ name }) => name !== current);
      await world.index.request('DELETE', `/${built?.name}/_doc/p3`);
    });
    await expect(losing).rejects.toThrow('the new index lacks 1 products: p3');
    expect(await world.admin.current()).toBe(current);
    expect(await scenario.parts.records.last()).toMatchObject({
      phase: 'failed',
      error: expect.stringContaining('lacks'),
    });
  }, 60_000);
});

describe('the keeper of the index', () => {
  test('builds it where there is none, and again where events have gone', async () => {
    const { model, parts } = scenario;
    const keeper = new IndexKeeper(parts);
    await keeper.look();
    await scenario.expectWhole();
    const first = await world.admin.current();
    await keeper.look();
    expect(await world.admin.current()).toBe(first);
    // Applied to nothing, and gone from the topic since.
    model.change({ productId: 'p1', product: productOf('p1', 5) });
    model.expired = 100;
    await new IndexKeeper(parts).look();
    expect(await world.admin.current()).not.toBe(first);
    await scenario.expectWhole();
  }, 60_000);
});
