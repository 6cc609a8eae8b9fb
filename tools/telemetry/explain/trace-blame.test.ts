import { describe, expect, test } from '@jest/globals';
import { sampleGraph as graph } from '../../console/testing/sample-graph.ts';
import type { Span } from '../stores/span.ts';
import { sampleSpan, traceIdOf } from '../testing/sample-span.ts';
import { blamedByTraces } from './trace-blame.ts';

const startMs = Date.UTC(2026, 0, 1);

/** A request that reads a product: gateway → catalog → postgres, each span of so many milliseconds. */
function read(
  trace: number,
  durations: { readonly edge: number; readonly call: number; readonly statement: number },
  failed: readonly ('edge' | 'call' | 'served' | 'statement')[] = [],
): readonly Span[] {
  const rpc = { 'rpc.method': 'meridian.catalog.v1.CatalogService/GetProduct' };
  const call = { startMs, durationMs: durations.call, attributes: rpc };
  return [
    sampleSpan(
      { trace, span: 1 },
      { startMs, durationMs: durations.edge, failed: failed.includes('edge') },
    ),
    sampleSpan(
      { trace, span: 2, parent: 1 },
      { ...call, kind: 'client', failed: failed.includes('call') },
    ),
    sampleSpan(
      { trace, span: 3, parent: 2 },
      {
        ...{ service: 'catalog', startMs, durationMs: durations.statement + 2, attributes: rpc },
        failed: failed.includes('served'),
      },
    ),
    sampleSpan(
      { trace, span: 4, parent: 3 },
      {
        ...{ service: 'catalog', kind: 'client', startMs, durationMs: durations.statement },
        ...{ attributes: { 'db.system.name': 'postgresql' }, failed: failed.includes('statement') },
      },
    ),
  ];
}

const SLOW_STATEMENT = { edge: 905, call: 904, statement: 900 };

describe('what traces blame', () => {
  test('is where the error began, and not what passed it on', () => {
    const traces = [read(1, SLOW_STATEMENT, ['edge', 'call', 'served', 'statement'])];
    expect(blamedByTraces(graph, traces)).toEqual([
      { id: 'catalog>postgres', traces: 1, example: traceIdOf(1) },
    ]);
    expect(blamedByTraces(graph, [read(1, SLOW_STATEMENT, ['edge', 'call', 'served'])])).toEqual([
      { id: 'catalog', traces: 1, example: traceIdOf(1) },
    ]);
  });

  test('is where the time went: in a store, or before a service looked at the call', () => {
    const late = { edge: 905, call: 904, statement: 3 };
    const traces = [read(1, SLOW_STATEMENT), read(2, late), read(3, late)];
    expect(blamedByTraces(graph, traces).map(({ id, traces: count }) => [id, count])).toEqual([
      ['gateway>catalog', 2],
      ['catalog>postgres', 1],
    ]);
  });

  test('is nothing where nothing took long', () => {
    expect(blamedByTraces(graph, [read(1, { edge: 20, call: 15, statement: 9 })])).toEqual([]);
  });

  test('is the edge from a topic where its consumer failed', () => {
    const span = sampleSpan(
      { trace: 1, span: 1 },
      {
        ...{ service: 'search', kind: 'consumer', failed: true },
        name: 'process catalog.events.v1',
      },
    );
    expect(blamedByTraces(graph, [[span]])[0]?.id).toBe('catalog.events.v1>search');
  });
});
