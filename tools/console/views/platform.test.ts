import { describe, expect, test } from '@jest/globals';
import type { LogLine } from '../server/sources.ts';
import { StoreWatch } from '../server/store-watch.ts';
import {
  GENERATED_LIMITS,
  generatedSources,
  TROUBLE_BEGAN_SECONDS,
} from '../testing/generated-sources.ts';
import type { GeneratedPlatform } from '../testing/generated-sources.ts';
import { sampleGraph as graph } from '../testing/sample-graph.ts';
import { platformView } from './platform.ts';

const nowMs = Date.UTC(2026, 2, 1, 12);

async function view(given: Partial<GeneratedPlatform> = {}) {
  const watch = new StoreWatch(generatedSources({ graph, nowMs, ...given }), () => nowMs);
  return await platformView({
    ...{ graph, nowMs, sources: watch.sources, limits: GENERATED_LIMITS },
    stores: () => watch.states(),
  });
}

const edge = async (id: string, given: Partial<GeneratedPlatform> = {}) =>
  (await view(given)).edges.find((each) => each.id === id);

describe('what broke first', () => {
  test('a platform that works has no first, and each number has its query', async () => {
    const { state, first, edges } = await view();
    expect({ state, first }).toEqual({ state: 'well', first: null });
    expect(edges.filter((each) => each.state === 'seen')).toHaveLength(
      edges.filter(({ kind }) => kind !== 'external').length,
    );
    for (const { kind, rate, errors, slowest } of edges) {
      for (const { query } of [rate, errors, slowest]) {
        expect(query === '').toBe(kind === 'external');
      }
    }
    expect(await edge('gateway>catalog')).toMatchObject({
      rate: { value: 4, query: expect.stringContaining('job="gateway"') },
      slowest: { value: 0.012 },
    });
  });

  test('an alert that fires while no edge fails is told all the same', async () => {
    const { metrics, ...others } = generatedSources({ graph, nowMs });
    const labels = { alert: 'LatencyBurnsFast', service: 'gateway' };
    const sources = {
      ...others,
      metrics: {
        ...metrics,
        now: async (query: string) =>
          query.includes('service:alert:is_1') ? [{ labels, value: 1 }] : await metrics.now(query),
      },
    };
    const question = { graph, nowMs, sources, limits: GENERATED_LIMITS, stores: () => [] };
    expect(await platformView(question)).toMatchObject({
      state: 'well',
      firing: [{ alert: 'LatencyBurnsFast', about: 'gateway' }],
    });
  });

  test('of a chain that fails, the edge that nothing behind it explains', async () => {
    const trouble = {
      'users>gateway': { errors: 0.3 },
      'gateway>orders': { errors: 0.3 },
      'orders>payments': { errors: 0.5 },
      'payments>postgres': { errors: 0.9 },
    };
    const { state, first, edges } = await view({ trouble });
    expect({ state, first: first?.id }).toEqual({ state: 'failing', first: 'payments>postgres' });
    const roles = (role: string) => edges.filter((each) => each.role === role).map(({ id }) => id);
    expect(roles('first')).toEqual(['payments>postgres']);
    expect(roles('after')).toEqual(
      expect.arrayContaining(['gateway>orders', 'orders>payments', 'users>gateway']),
    );
    expect(roles('after')).not.toContain('gateway>catalog');
    expect(edges.find(({ id }) => id === first?.id)).toMatchObject({
      failing: 'errors',
      sinceMs: nowMs - TROUBLE_BEGAN_SECONDS * 1_000,
    });
  });

  test('an edge that is too slow fails too, but not of a few calls', async () => {
    const slow = { seconds: 4 };
    expect(await edge('catalog>redis', { trouble: { 'catalog>redis': slow } })).toMatchObject({
      ...{ failing: 'slow', role: 'first' },
    });
    const few = { ...slow, rate: 0.03 };
    expect(await edge('catalog>redis', { trouble: { 'catalog>redis': few } })).toMatchObject({
      ...{ failing: null, role: 'other' },
    });
  });

  test('an edge that is much slower than usual is told, though it fails nothing', async () => {
    const slower = { seconds: 0.1 };
    const trouble = { 'gateway>catalog': slower, 'users>gateway': { seconds: 0.03 } };
    expect(await view({ trouble })).toMatchObject({ state: 'well', slower: 'gateway>catalog' });
    expect(await edge('gateway>catalog', { trouble })).toMatchObject({
      ...{ slowest: { value: 0.1 }, usual: { value: 0.012 } },
    });
    const few = { ...slower, rate: 0.5 };
    expect(await view({ trouble: { 'gateway>catalog': few } })).toMatchObject({ slower: null });
    const little = { seconds: 0.02 };
    expect(await view({ trouble: { 'gateway>catalog': little } })).toMatchObject({ slower: null });
  });

  test('one error of three calls is too little to say so', async () => {
    const few = { rate: 0.01, errors: 1 / 3 };
    expect(await edge('orders>payments', { trouble: { 'orders>payments': few } })).toMatchObject({
      failing: null,
    });
  });
});

describe('the states of an edge', () => {
  const quiet = { 'orders>catalog': { rate: 0 } };

  test('declared and never seen, and seen and not declared', async () => {
    expect(await edge('orders>catalog', { trouble: quiet })).toMatchObject({ state: 'never' });
    const contract = 'meridian.payments.v1.PaymentsService';
    const { edges } = await view({ undeclared: [['search', contract]] });
    const other = edges.filter(({ state }) => state === 'undeclared');
    expect(other).toMatchObject([{ from: 'search', command: 'meridian conformance' }]);
  });

  test('no edge at all: what every process serves', async () => {
    const { edges } = await view({ undeclared: [['gateway', 'grpc.health.v1.Health']] });
    expect(edges.filter(({ state }) => state === 'undeclared')).toEqual([]);
  });

  test('refused, whether it is declared or not', async () => {
    const line: LogLine = {
      ...{ atMs: nowMs, service: 'payments', instance: 'payments-a-0', level: 'info' },
      message: 'call served',
      fields: { peer: 'spiffe://meridian.local/ns/meridian/sa/search' },
    };
    expect(await edge('search>payments', { refusals: [line] })).toMatchObject({ state: 'refused' });
  });

  test('nothing is known before the first scrape, nor while the store is away', async () => {
    expect(await view({ isEmpty: true })).toMatchObject({ state: 'starting', first: null });
    const away = await view({ away: ['metrics'] });
    expect(away.state).toBe('away');
    expect(new Set(away.edges.map(({ state }) => state))).toEqual(
      new Set(['unknown', 'unmeasured']),
    );
    expect(away.stores).toContainEqual({ name: 'metrics', state: 'starting', lastDataMs: null });
  });
});
