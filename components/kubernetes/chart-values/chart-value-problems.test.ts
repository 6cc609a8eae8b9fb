import { describe, expect, test } from '@jest/globals';
import { sampleCluster } from '../../testing/sample-cluster.ts';
import { partsOf } from '../parts-of.ts';
import { chartValueProblems, readVersion } from './chart-value-problems.ts';

const charts = Object.values(partsOf(sampleCluster())).flatMap(({ steps }) =>
  steps.flatMap((step) => step.charts ?? []),
);
const keda = { name: 'keda', namespace: 'keda', chart: 'keda', version: '2.21.0' };

describe('values of charts of others', () => {
  test('are known of every chart that is installed', () => {
    expect(charts.filter((chart) => readVersion(chart) === undefined)).toEqual([]);
    expect(charts.length).toBeGreaterThan(10);
  });

  test('are refused where the chart reads no such value, with those that it reads beside it', () => {
    const [problem] = chartValueProblems({ ...keda, values: { operator: { replicas: 2 } } });
    expect(problem).toMatchObject({
      property: 'values.operator.replicas',
      rule: expect.stringMatching(/^must be one of those that the chart reads .*replicaCount/),
      given: "'replicas'",
    });
  });

  test('may be anything where the chart takes anything, and below global', () => {
    const values = { tolerations: [{ key: 'a' }], podLabels: { keda: { any: 'b' } } };
    expect(chartValueProblems({ ...keda, values })).toEqual([]);
    const strimzi = { ...keda, chart: 'oci://registry.example/strimzi-kafka-operator' };
    expect(chartValueProblems({ ...strimzi, values: { global: { any: 1 } } })).toEqual([]);
  });

  test('are not judged of a chart that nobody has read', () => {
    expect(chartValueProblems({ ...keda, chart: 'other', values: { any: 1 } })).toEqual([]);
  });
});
