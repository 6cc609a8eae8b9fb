import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runInScope, scopeOf } from '@meridian/kit/call-scope.ts';
import type { Elasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { productOf } from '../testing/products.ts';
import { RebuildScenario } from '../testing/rebuild-scenario.ts';
import { openSearchWorld } from '../testing/search-world.ts';
import type { SearchWorld } from '../testing/search-world.ts';
import type { Following } from './catalogue-events.ts';
import { IndexKeeper } from './index-keeper.ts';
import { LEASE_MS, RebuildLostError, RebuildRecords } from './rebuild-record.ts';
import { Rebuild } from './rebuild.ts';

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

  test('that loses its lease ends then, whatever it waits for', async () => {
    const { model, parts } = scenario;
    const waits = Promise.withResolvers<undefined>();
    const silent: Following = {
      count: 0,
      reach: async (_end, signal) => {
        waits.resolve(undefined);
        await once(signal, 'abort');
        signal.throwIfAborted();
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    model.follow = () => Promise.resolve(silent);
    const beating = { ...parts, heartbeatMs: 100 };
    const first = (await Rebuild.begin(beating, new AbortController().signal)).run();
    await Promise.race([waits.promise, first]);
    const others = new RebuildRecords(parts.search, () => new Date(Date.now() + 2 * LEASE_MS));
    await Promise.all([
      expect(first).rejects.toThrow(RebuildLostError),
      // A sign of life may come between.
      eventually(async () => expect(await others.begin('another')).toBeDefined(), 30_000),
    ]);
  }, 60_000);

  test('keeps its lease although the answer to a sign of life is lost', async () => {
    const { search } = scenario.parts;
    let lost = false;
    const lossy: Elasticsearch = {
      index: search.index,
      isThere: true,
      request: async (operation, request) => {
        const answer = await search.request(operation, request);
        if (lost) throw new RpcError('UNAVAILABLE', 'timeout');
        return answer;
      },
    };
    const lease = await new RebuildRecords(lossy).begin('ours');
    lost = true;
    await expect(lease.update({})).rejects.toThrow('timeout');
    lost = false;
    await lease.update({ productsRead: 7 });
    expect(await scenario.parts.records.last()).toMatchObject({ build: 'ours', productsRead: 7 });
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
  test('goes on with a rebuild after the call that asked for it is over', async () => {
    const { parts } = scenario;
    const asked = Promise.withResolvers<undefined>();
    const keeper = new IndexKeeper({ ...parts, before: () => asked.promise });
    const scope = { ...scopeOf({ timeoutMs: 60_000, signal: new AbortController().signal }) };
    await runInScope(scope, () => keeper.rebuild());
    scope.deadlineMs = 0;
    asked.resolve(undefined);
    await eventually(
      async () => expect(await keeper.last()).toMatchObject({ phase: 'done' }),
      30_000,
    );
    await scenario.expectWhole();
  }, 60_000);

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
