import { describe, expect, test } from '@jest/globals';
import type { TraceSearch } from '../stores/jaeger.ts';
import type { Span } from '../stores/span.ts';
import type { LogLine } from '../stores/victorialogs.ts';
import { sampleSpan, spanIdOf, traceIdOf } from '../testing/sample-span.ts';
import { findTraces } from './find-trace.ts';
import { relatedTraces } from './linked-traces.ts';
import { spanTree } from './span-tree.ts';
import { traceText } from './trace-text.ts';

const TOPICS = [
  { name: 'orders', publishers: ['orders'], consumers: ['catalog', 'audit'] },
  { name: 'catalog', publishers: ['catalog'], consumers: ['search'] },
];

const linkTo = (trace: number, span: number) => ({
  traceId: traceIdOf(trace),
  spanId: spanIdOf(span),
});

/**
 * A purchase: 1 is asked over the edge, 2 what catalog makes of its event, 3 what search makes of catalog's, 5 what orders
 * does about it later; 4 is of somebody else.
 */
const PURCHASE: readonly (readonly Span[])[] = [
  [
    sampleSpan({ trace: 1, span: 1 }, { name: 'POST /v1/orders' }),
    sampleSpan({ trace: 1, span: 2, parent: 1 }, { service: 'orders', name: 'PlaceOrder' }),
  ],
  [
    sampleSpan(
      { trace: 2, span: 3 },
      { service: 'catalog', kind: 'consumer', name: 'process orders', links: [linkTo(1, 2)] },
    ),
  ],
  [
    sampleSpan(
      { trace: 3, span: 4 },
      { service: 'search', kind: 'consumer', name: 'process catalog', links: [linkTo(2, 3)] },
    ),
  ],
  [
    sampleSpan(
      { trace: 5, span: 6 },
      {
        ...{ service: 'orders', kind: 'consumer', name: 'effect RESERVE_STOCK' },
        ...{ links: [linkTo(1, 2)], attributes: { 'meridian.origin.trace_id': traceIdOf(1) } },
      },
    ),
  ],
  [
    sampleSpan(
      { trace: 4, span: 5 },
      { service: 'audit', kind: 'consumer', name: 'process orders', links: [linkTo(9, 9)] },
    ),
  ],
];

/** What answers as Jaeger does, from spans that are given. */
const jaeger = {
  trace: (traceId: string) =>
    Promise.resolve(PURCHASE.find(([first]) => first?.traceId === traceId) ?? []),
  search: ({ service, operation, attributes = {} }: TraceSearch) =>
    Promise.resolve(
      PURCHASE.filter((spans) =>
        spans.some(
          (span) =>
            span.service === service &&
            (operation === undefined || span.name === operation) &&
            Object.entries(attributes).every(([name, value]) => span.attributes[name] === value),
        ),
      ),
    ),
};

const relations = async (number: number) =>
  (await relatedTraces(jaeger, [traceIdOf(number)], TOPICS)).map(({ traceId, relation }) => [
    Number.parseInt(traceId, 16),
    relation,
  ]);

describe('traces that are linked over topics', () => {
  test('are found from what was asked, over any number of topics and of effects, and no others', async () => {
    expect(await relations(1)).toEqual([
      [1, 'asked'],
      [2, 'consequence'],
      [3, 'consequence'],
      [5, 'consequence'],
    ]);
  });

  test('are found back from the last consequence, and on from there', async () => {
    expect(await relations(3)).toEqual([
      [1, 'cause'],
      [2, 'cause'],
      [3, 'asked'],
      [5, 'consequence'],
    ]);
  });

  test('are none where nothing is kept', async () => {
    expect(await relations(8)).toEqual([]);
  });
});

const LINE: LogLine = {
  time: '2026-01-01T00:00:00.003Z',
  service: 'orders',
  level: 'warn',
  message: 'slow \u001b[2J\nline',
  traceId: traceIdOf(1),
  spanId: spanIdOf(2),
  fields: {},
};

describe('a trace as a tree', () => {
  test('has what is without a kept parent at its root, and lines in the spans that wrote them', () => {
    const lost = sampleSpan({ trace: 1, span: 7, parent: 99 });
    const tree = spanTree([...(PURCHASE[0] ?? []), lost], [LINE, { ...LINE, spanId: 'ffff' }]);
    expect(tree.roots.map(({ span }) => span.spanId)).toEqual([spanIdOf(1), spanIdOf(7)]);
    expect(tree.roots[0]?.children[0]?.lines).toEqual([LINE]);
    expect(tree.lines).toHaveLength(1);
  });

  test('is told on one time axis, and nothing that somebody wrote reaches the terminal raw', () => {
    const hostile = sampleSpan(
      { trace: 2, span: 3 },
      {
        name: 'x\u001b]0;y\u0007',
        service: 'a\u009bb',
        failed: true,
        attributes: { 'error.type': '\u001b[0m' },
      },
    );
    const text = traceText([
      { traceId: traceIdOf(1), relation: 'asked', spans: PURCHASE[0] ?? [], lines: [LINE] },
      { traceId: traceIdOf(2), relation: 'consequence', spans: [hostile], lines: [] },
    ]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).toContain('POST /v1/orders');
    expect(text).toMatch(/\+1\.00 ms +10\.00 ms {2}orders {8}PlaceOrder/);
    expect(text).toMatch(/\+2\.00 ms .* {4}warn: slow \ufffd\[2J\ufffdline/);
    expect(text).toContain('led to trace 00000000000000000000000000000002');
    expect(text).toContain('FAILED');
  });
});

describe('what is asked for', () => {
  const linesOf = (query: string): readonly LogLine[] =>
    query.startsWith('request_id:="request-1" or order_id:=') ? [LINE] : [];
  const stores = {
    jaeger,
    victorialogs: { lines: (query: string) => Promise.resolve(linesOf(query)) },
  } as unknown as Parameters<typeof findTraces>[0];
  const ask = async (id: string) => await findTraces(stores, id, []);

  test('is a trace, or a request by what was written for it', async () => {
    expect((await ask(traceIdOf(1)))[0]?.traceId).toBe(traceIdOf(1));
    expect((await ask('request-1'))[0]?.traceId).toBe(traceIdOf(1));
  });

  test.each([[traceIdOf(77)], ['nobody'], [''], ['x'.repeat(200)]])('is not %p', async (id) => {
    await expect(ask(id)).rejects.toMatchObject({ code: 'TRACE_UNKNOWN' });
  });
});
