import { describe, expect, test } from '@jest/globals';
import { sampleCluster } from '../../testing/sample-cluster.ts';
import { chartsOf } from '../parts-of.ts';
import { chartValueProblems, chartValueWarnings, readVersion } from './chart-value-problems.ts';

const charts = chartsOf(sampleCluster());
const keda = { name: 'keda', namespace: 'keda', chart: 'keda', version: '2.20.2' };
const strimzi = {
  ...keda,
  chart: 'oci://registry.example/strimzi-kafka-operator',
  version: '1.2.0',
};

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
    expect(chartValueProblems({ ...strimzi, values: { global: { any: 1 } } })).toEqual([]);
  });

  test('are only warned of where another version was read, which may read less', () => {
    const newer = { ...keda, version: '2.21.0', values: { operator: { replicas: 2 } } };
    expect(chartValueProblems(newer)).toEqual([]);
    expect(chartValueWarnings(newer)).toEqual([
      expect.stringMatching(
        /^Chart 'keda': values\.operator\.replicas must be one of those that the chart reads at 2\.20\.2 .*; whether 2\.21\.0 reads it is not known/,
      ),
    ]);
    expect(chartValueWarnings({ ...newer, version: '2.20.2' })).toEqual([]);
  });

  test('were read of these charts at an older version, and of every other at the installed one', () => {
    const older = charts.filter((chart) => readVersion(chart) !== chart.version);
    expect(older.map(({ name }) => name).toSorted()).toEqual([
      'argo-rollouts',
      'cloudnative-pg',
      'keda',
    ]);
    expect(charts.flatMap(chartValueWarnings)).toEqual([]);
  });

  test('are not judged of a chart that nobody has read', () => {
    expect(chartValueProblems({ ...keda, chart: 'other', values: { any: 1 } })).toEqual([]);
  });
});
