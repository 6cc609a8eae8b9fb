import { describe, expect, test } from '@jest/globals';
import { sampleGraph as graph } from '../testing/sample-graph.ts';
import { compareRuns } from './compare-runs.ts';
import { addEdges, BOUNDS, tickEdges, withTraces } from './run-summary.ts';
import type { RunEdge, RunSummary } from './run-summary.ts';

/** An operation whose good calls are all within one bound. */
function edge(operation: string, calls: number, withinSeconds: number, errors = 0): RunEdge {
  const counts = BOUNDS.map((bound) => (bound === withinSeconds ? calls - errors : 0));
  const [from, to] = ['orders', 'payments'];
  const traces = [{ id: `trace-of-${withinSeconds}`, seconds: withinSeconds }];
  return { id: `${from}>${to} ${operation}`, from, to, operation, calls, errors, counts, traces };
}

function run(id: string, ...edges: readonly RunEdge[]): RunSummary {
  return { id, endedMs: Number(id) + 1, releases: {}, changed: ['payments'], edges };
}

describe('what a change did', () => {
  test('only what differs with confidence is listed, the worst first, with a trace of each run', () => {
    const { differences, alike } = compareRuns(
      run(
        '1',
        edge('Authorize', 2_000, 0.05),
        edge('Capture', 2_000, 0.05),
        edge('Void', 900, 0.1),
      ),
      run('2', edge('Authorize', 2_000, 0.1), edge('Capture', 2_000, 1), edge('Void', 900, 0.1)),
    );
    expect(differences.map(({ edge: { operation }, measure }) => [operation, measure])).toEqual([
      ['Capture', 'p50'],
      ['Capture', 'p99'],
      ['Authorize', 'p50'],
      ['Authorize', 'p99'],
    ]);
    expect(differences[0]).toMatchObject({
      isWorse: true,
      before: { low: 0.025, high: 0.05 },
      after: { low: 0.75, high: 1 },
      factor: 15,
      traces: { before: { id: 'trace-of-0.05' }, after: { id: 'trace-of-1' } },
    });
    expect(alike).toBe(5);
  });

  test('what is better comes behind all that is worse', () => {
    const { differences } = compareRuns(
      run('1', edge('Authorize', 2_000, 5), edge('Capture', 2_000, 0.05)),
      run('2', edge('Authorize', 2_000, 0.05), edge('Capture', 2_000, 0.1)),
    );
    expect(differences.map(({ isWorse }) => isWorse)).toEqual([true, true, false, false]);
  });

  test('errors are compared too, and a handful of calls is said to be too few', () => {
    const { differences, tooFew } = compareRuns(
      run('1', edge('Authorize', 300, 0.05, 0), edge('Void', 3, 0.05)),
      run('2', edge('Authorize', 300, 0.05, 60), edge('Void', 3, 5)),
    );
    expect(differences).toMatchObject([{ measure: 'errors', isWorse: true }]);
    expect(tooFew.map(({ edge: { operation }, measure }) => [operation, measure])).toEqual([
      ['Authorize', 'p99'],
      ['Void', 'errors'],
      ['Void', 'p50'],
      ['Void', 'p99'],
    ]);
  });

  test('an operation of one run alone is named, and compared with nothing', () => {
    const compared = compareRuns(
      run('1', edge('Void', 900, 0.1)),
      run('2', edge('Capture', 900, 0.1)),
    );
    expect(compared).toMatchObject({
      ...{
        differences: [],
        onlyBefore: [{ operation: 'Void' }],
        onlyAfter: [{ operation: 'Capture' }],
      },
    });
  });
});

describe('a run', () => {
  const bucket = (le: string, value: number, status = 'OK') => ({
    labels: {
      ...{ job: 'orders', rpc_method: 'meridian.catalog.v1.CatalogService/GetProduct' },
      ...{ rpc_status_code: status, le },
    },
    value,
  });

  test('has calls, errors and buckets of each operation, as Prometheus counted them', () => {
    const answers = [
      bucket('0.2', 4),
      bucket('0.25', 7),
      bucket('+Inf', 7),
      bucket('+Inf', 2, 'UNAVAILABLE'),
    ];
    const [first] = tickEdges(graph, [[], answers, []]);
    expect(first).toMatchObject({ operation: 'GetProduct', calls: 9, errors: 2 });
    expect(first?.counts[BOUNDS.indexOf(0.25)]).toBe(3);
    expect(first?.counts.reduce((sum, count) => sum + count, 0)).toBe(7);
  });

  test('is the sum of its ticks, with the slowest traces of all of them', () => {
    const exemplar = (traceId: string, value: number) => ({
      ...{ labels: { rpc_method: 'meridian.payments.v1.PaymentsService/Void' }, traceId, value },
    });
    const added = withTraces(
      [edge('Void', 10, 0.1)],
      [exemplar('slow', 9), exemplar('quick', 0.01)],
    );
    const [sum] = addEdges([edge('Void', 10, 0.1)], added);
    expect(sum).toMatchObject({ calls: 20 });
    expect(sum?.traces.map(({ id }) => id)).toEqual(['slow', 'trace-of-0.1', 'quick']);
  });
});
