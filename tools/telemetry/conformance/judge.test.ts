import { describe, expect, test } from '@jest/globals';
import { buildGraph } from '@meridian/components/model/build-graph.ts';
import { samplePlatform } from '@meridian/components/model/testing/sample-platform.ts';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import type { Span } from '../stores/span.ts';
import { sampleSpan, spanIdOf, traceIdOf } from '../testing/sample-span.ts';
import { declaredEdges, type Edge } from './edges.ts';
import { judgeEdges } from './judge.ts';

const graph = buildGraph(samplePlatform);
const [first] = graph.calls;
if (first === undefined) throw new Error('The sample has calls');
const [path = ''] = first.methods;

const served = (from: string, method = path.slice(1), given: Partial<Span> = {}): Span =>
  sampleSpan(
    { trace: 1, span: 2, parent: 1 },
    {
      service: first.to,
      attributes: { 'rpc.method': method, 'meridian.peer.spiffe_id': from },
      ...given,
    },
  );

/** What of these spans is not declared. */
const undeclared = (...spans: readonly Span[]) =>
  judgeEdges(graph, [spans])
    .filter(({ state }) => state === 'seen and not declared')
    .map(({ kind, from, to, via }) => ({ kind, from, to, via }) satisfies Edge);

describe('traces against the graph', () => {
  test('a declared call that was seen is counted, with a trace that shows it', () => {
    const judged = judgeEdges(graph, [[served(spiffeId(graph, first.from))]]);
    expect(judged).toContainEqual({
      ...{ kind: 'call', from: first.from, to: first.to, via: path.slice(1) },
      ...{ state: 'declared and seen', count: 1, exampleTraceId: traceIdOf(1) },
    });
  });

  test('what is declared and was never seen is listed, all of it where there are no traces', () => {
    const judged = judgeEdges(graph, []);
    expect(judged).toHaveLength(declaredEdges(graph).length);
    expect(new Set(judged.map(({ state }) => state))).toEqual(new Set(['declared and never seen']));
  });

  test('a call that nobody declared comes first, whoever made it', () => {
    const stranger = 'spiffe://elsewhere/ns/x/sa/y';
    expect(undeclared(served(stranger))).toEqual([
      { kind: 'call', from: stranger, to: first.to, via: path.slice(1) },
    ]);
    expect(judgeEdges(graph, [[served(stranger)]])[0]?.state).toBe('seen and not declared');
  });

  test('who was refused, and what every process serves, is not an edge', () => {
    expect(undeclared(served(''), served('x', 'grpc.health.v1.Health/Check'))).toEqual([]);
  });

  test('a store that a service did not declare is told', () => {
    const attributes = { 'db.system.name': 'mongodb' };
    expect(undeclared(served('', '', { kind: 'client', attributes }))).toEqual([
      { kind: 'store', from: first.to, to: 'mongodb', via: 'mongodb' },
    ]);
  });

  test('who consumes a topic, and who published what it was linked to, are edges', () => {
    const consumer = sampleSpan(
      { trace: 2, span: 3 },
      {
        ...{ service: 'spy', kind: 'consumer', name: 'process secrets' },
        links: [{ traceId: traceIdOf(1), spanId: spanIdOf(2) }],
      },
    );
    expect(undeclared(served(''), consumer)).toEqual([
      { kind: 'consume', from: 'spy', to: 'secrets', via: 'secrets' },
      { kind: 'publish', from: first.to, to: 'secrets', via: 'secrets' },
    ]);
  });
});
