import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { withService } from '../../model/testing/sample-platform.ts';
import { chartedService, sampleCluster } from '../../testing/sample-cluster.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import { serviceChart } from './chart-files.ts';

const shelf = chartedService(sampleCluster(), 'shelf');
const versionOf = (files: Readonly<Record<string, string>>) =>
  /^version: (.*)$/m.exec(files['Chart.yaml'] ?? '')?.[1];
/** What another service's chart has otherwise, but for the digest in its version. */
const filesThatDiffer = (other: ChartedService): readonly string[] => {
  const { files } = serviceChart(other);
  const withoutDigest = (text = '') => text.replaceAll(/[0-9a-f]{12}/g, '');
  return Object.entries(serviceChart(shelf).files)
    .filter(([file, text]) => withoutDigest(files[file]) !== withoutDigest(text))
    .map(([file]) => file);
};

describe('the files of serviceChart', () => {
  test('are the same bytes for the same service', () => {
    expect(serviceChart(shelf).files).toEqual(
      serviceChart(chartedService(sampleCluster(), 'shelf')).files,
    );
  });

  test('hold one file for each kind, what refuses contradictions, and the values with their schema', () => {
    expect(Object.keys(serviceChart(shelf).files).toSorted()).toEqual([
      'Chart.yaml',
      'templates/analysistemplate.yaml',
      'templates/contradictions.tpl',
      'templates/networkpolicy.yaml',
      'templates/poddisruptionbudget.yaml',
      'templates/rollout.yaml',
      'templates/scaledobject.yaml',
      'templates/service.yaml',
      'templates/serviceaccount.yaml',
      'values.schema.json',
      'values.yaml',
    ]);
  });

  test('come with values that fit the schema beside them', () => {
    const files = serviceChart(shelf).files;
    const fits = new Ajv().compile(JSON.parse(files['values.schema.json'] ?? '') as object);
    const given = parse(files['values.yaml'] ?? '') as object;
    expect(fits(given) ? [] : fits.errors).toEqual([]);
  });

  test('carry their own digest in the version, and in the label as labels can have it', () => {
    const files = serviceChart(shelf).files;
    const version = versionOf(files) ?? '';
    expect(version).toMatch(/^1\.2\.3\+[0-9a-f]{12}$/);
    expect(files['templates/rollout.yaml']).toContain(
      `helm.sh/chart: shelf-${version.replace('+', '_')}\n`,
    );
    const other = serviceChart({ ...shelf, terminationGraceSeconds: 31 }).files;
    expect(versionOf(other)).not.toBe(version);
  });

  test('have other pods when the configuration changes, and nothing else', () => {
    const changed = chartedService(
      sampleCluster({}, withService('shelf', { limits: { concurrency: 1, queueDepth: 1 } })),
      'shelf',
    );
    expect(filesThatDiffer(changed)).toEqual(['templates/rollout.yaml']);
  });

  test('keep the values of the chart apart from what the graph decides', () => {
    expect(filesThatDiffer({ ...shelf, replicas: { min: 3, max: 5 } })).toEqual(['values.yaml']);
  });

  test('never leave a marker behind', () => {
    expect(JSON.stringify(serviceChart(shelf).files)).not.toMatch(/of-the-chart|190000000/);
  });
});
