import { describe, expect, test } from '@jest/globals';
import { withService } from '../../model/testing/sample-platform.ts';
import { chartedService, sampleCluster } from '../../testing/sample-cluster.ts';
import { chartFiles } from './chart-files.ts';

const shelf = chartedService(sampleCluster(), 'shelf');
const versionOf = (files: Readonly<Record<string, string>>) =>
  /^version: (.*)$/m.exec(files['Chart.yaml'] ?? '')?.[1];
const configurationOf = (files: Readonly<Record<string, string>>) =>
  /^ {2}name: (.*)$/m.exec(files['templates/configmap.yaml'] ?? '')?.[1];

describe('chartFiles', () => {
  test('are the same bytes for the same service', () => {
    expect(chartFiles(shelf)).toEqual(chartFiles(chartedService(sampleCluster(), 'shelf')));
  });

  test('hold one file for each kind, and the values with their schema', () => {
    expect(Object.keys(chartFiles(shelf)).toSorted()).toEqual([
      'Chart.yaml',
      'templates/configmap.yaml',
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

  test('carry their own digest in the version, and in the label as labels can have it', () => {
    const files = chartFiles(shelf);
    const version = versionOf(files) ?? '';
    expect(version).toMatch(/^1\.2\.3\+[0-9a-f]{12}$/);
    expect(files['templates/rollout.yaml']).toContain(
      `helm.sh/chart: shelf-${version.replace('+', '_')}\n`,
    );
    const other = chartFiles({ ...shelf, terminationGraceSeconds: 31 });
    expect(versionOf(other)).not.toBe(version);
  });

  test('have a ConfigMap of another name, and so other pods, when the configuration changes', () => {
    const changed = chartedService(
      sampleCluster({}, withService('shelf', { limits: { concurrency: 1, queueDepth: 1 } })),
      'shelf',
    );
    const [before, after] = [chartFiles(shelf), chartFiles(changed)];
    expect(configurationOf(after)).not.toBe(configurationOf(before));
    expect(after['templates/rollout.yaml']).toContain(`name: ${configurationOf(after) ?? ''}\n`);
  });

  test('keep the values of the chart apart from what the graph decides', () => {
    const grown = chartFiles({ ...shelf, replicas: { min: 3, max: 5 } });
    const changed = Object.entries(chartFiles(shelf))
      .filter(
        ([file, text]) =>
          grown[file]?.replaceAll(/[0-9a-f]{12}/g, '') !== text.replaceAll(/[0-9a-f]{12}/g, ''),
      )
      .map(([file]) => file);
    expect(changed).toEqual(['values.yaml']);
  });

  test('never leave a marker behind', () => {
    expect(JSON.stringify(chartFiles(shelf))).not.toMatch(/of-the-chart|190000000/);
  });
});
