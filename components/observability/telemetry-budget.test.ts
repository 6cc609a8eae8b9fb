import { describe, expect, test } from '@jest/globals';
import { buildGraph } from '../model/build-graph.ts';
import { samplePlatform } from '../model/testing/sample-platform.ts';
import { beyondBudget, prometheusDiskGib, TELEMETRY_BUDGET } from './telemetry-budget.ts';

const { seriesPerReplica, valuesPerLabel } = TELEMETRY_BUDGET;

/** Series of a replica that differ by nothing but one label, or by their names. */
const series = (count: number, differingBy: 'path' | '__name__') =>
  Array.from({ length: count }, (_each, position) => ({
    ...{ __name__: 'requests', job: 'door', instance: 'door-a-0' },
    [differingBy]: `x${position}`,
  }));

describe('the budget of telemetry', () => {
  test('is kept by as many series and values as it says', () => {
    expect(beyondBudget(series(seriesPerReplica, '__name__'))).toEqual([]);
    expect(beyondBudget(series(valuesPerLabel, 'path'))).toEqual([]);
  });

  test('names the replica that has one series more', () => {
    expect(beyondBudget(series(seriesPerReplica + 1, '__name__'))).toEqual([
      "Replica 'door door-a-0': series must be 2000 at most, got 2001",
    ]);
  });

  test('names the label that has one value more', () => {
    expect(beyondBudget(series(valuesPerLabel + 1, 'path'))).toEqual([
      "Metric 'requests' of 'door', label 'path': values must be 100 at most, got 101",
    ]);
  });

  test('says how large a disk is, by how many replicas there are', () => {
    const graph = buildGraph(samplePlatform);
    const each = (count: number) =>
      Object.fromEntries(graph.services.map(({ name }) => [name, count]));
    const [few, many] = [1, 20].map((count) => prometheusDiskGib(graph, each(count)));
    expect(few).toBeGreaterThan(24);
    expect(many).toBeGreaterThan(few ?? 0);
  });
});
