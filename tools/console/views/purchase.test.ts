import { describe, expect, test } from '@jest/globals';
import { generatedLongTrace, generatedPurchase, PURCHASE } from '../testing/generated-purchase.ts';
import { generatedSources } from '../testing/generated-sources.ts';
import type { GeneratedPlatform } from '../testing/generated-sources.ts';
import { sampleGraph as graph } from '../testing/sample-graph.ts';
import { purchaseView } from './purchase.ts';
import type { PurchaseRecords } from './purchase.ts';
import { spanTree } from './span-tree.ts';

const nowMs = Date.UTC(2026, 2, 1, 12);
const { spans, lines } = generatedPurchase(nowMs);

const records: PurchaseRecords = {
  releases: (startMs) => [
    {
      ...{ kind: 'release', atMs: startMs + 1, service: 'payments', trace: null },
      ...{ what: 'release', detail: '61c3', command: '' },
    },
  ],
};

const view = (id: string, given: Partial<GeneratedPlatform> = {}) =>
  purchaseView(id, generatedSources({ graph, nowMs, spans, lines, ...given }), records);

describe('what happened to a purchase', () => {
  test('its trace, what that caused, its lines and the releases before it, on one axis', async () => {
    const seen = await view(PURCHASE.trace);
    expect(seen).toMatchObject({ state: 'found', startMs: nowMs, durationMs: 740 });
    expect(seen.traces.map(({ id, relation, began }) => [id, relation, began])).toEqual([
      [PURCHASE.trace, 'asked', 'gateway POST /v1/orders'],
      [PURCHASE.effect, 'effect', 'audit orders.events.v1 process'],
    ]);
    expect(seen.moments.map(({ kind, service, what }) => [kind, service, what])).toEqual([
      ['release', 'payments', 'release'],
      ['line', 'payments', expect.stringContaining('slowly')],
      ['state', 'orders', 'reserving'],
      ['asked', 'orders', 'RESERVE_STOCK'],
      ['line', 'orders', 'call served'],
      ['line', 'gateway', 'request served'],
      ['effect', 'orders', 'RESERVE_STOCK'],
      ['state', 'orders', 'authorizing'],
      ['asked', 'orders', 'AUTHORIZE_PAYMENT'],
      ['audit', 'audit', 'OrderPlaced'],
    ]);
    expect(seen.orders).toEqual([PURCHASE.order]);
    expect(seen.spans[seen.slowest ?? -1]).toMatchObject({ service: 'payments', selfMs: 420 });
  });

  test('from what it caused back to its cause, but not on to the cause of another', async () => {
    const seen = await view(PURCHASE.effect);
    expect(seen.traces.map(({ relation }) => relation)).toEqual(['cause', 'asked']);
    expect(seen.orders).toEqual([PURCHASE.order]);
  });

  test('by the id of its request, which its lines have', async () => {
    const seen = await view(PURCHASE.request);
    expect(seen).toMatchObject({ kind: 'request', state: 'found' });
    expect(seen.traces).toHaveLength(2);
  });

  test('by the id of its order, with what was sealed of it in no trace at all', async () => {
    const seen = await view(PURCHASE.order);
    expect(seen).toMatchObject({ kind: 'order', state: 'found', orders: [] });
    expect(seen.moments.find(({ kind }) => kind === 'audit')).toMatchObject({
      ...{
        what: 'OrderPlaced',
        detail: 'of orders, entry 41',
        command: 'meridian audit show event-41',
      },
    });
    expect(
      seen.moments
        .filter(({ kind }) => kind === 'asked' || kind === 'effect')
        .map(({ detail }) => detail),
    ).toEqual([...['asked for (1)', 'ACTIVE (1)', 'asked for (2)']]);
  });

  test('one that was not sampled has its lines alone, and one that nobody knows has nothing', async () => {
    expect(await view(PURCHASE.request, { spans: [] })).toMatchObject({
      ...{ state: 'unsampled', spans: [], slowest: null },
    });
    expect(await view('nobody', { spans: [], lines: [] })).toMatchObject({ state: 'unknown' });
    expect(await view('nobody', { away: ['traces', 'logs'] })).toMatchObject({ state: 'away' });
  });

  test('of a trace of 5,000 spans each is there', async () => {
    const seen = await view(PURCHASE.trace, { spans: generatedLongTrace(nowMs, 5_000) });
    expect(seen.spans).toHaveLength(5_000);
    expect(seen.left).toEqual({ traces: 0, spans: 0, moments: 0 });
  });
});

describe('the tree of a trace', () => {
  const [root, child] = spans;

  test('keeps what hangs in the air, and ends where parents go round in a ring', () => {
    if (root === undefined || child === undefined) throw new Error('There are spans');
    const ring = [
      { ...root, parentId: child.spanId },
      { ...child, parentId: root.spanId },
    ];
    expect(spanTree(ring).map(({ depth }) => depth)).toEqual([0, 1]);
    expect(spanTree([child])).toMatchObject([{ depth: 0, isOrphan: true }]);
  });
});
