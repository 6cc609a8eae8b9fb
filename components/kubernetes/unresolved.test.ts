import { describe, expect, test } from '@jest/globals';
import { sampleCluster } from '../testing/sample-cluster.ts';
import { unresolvedProblems } from './unresolved.ts';

const digest = `sha256:${'0'.repeat(64)}`;

describe('unresolvedProblems', () => {
  test('names every image that nobody has looked up, of every service', () => {
    const problems = unresolvedProblems(sampleCluster(), {});
    const images = problems.filter((problem) => problem.includes(' service.'));
    expect(images).toEqual(
      ['archive', 'door', 'shelf'].map(
        (name) =>
          `Stack 'sample': service.${name}.image.digest must be looked up before a deployment, got 'unresolved'; publish the image or chart, then run 'npm run pins'`,
      ),
    );
  });

  test('is content with what is looked up', () => {
    const stack = sampleCluster({ images: { archive: digest, door: digest, shelf: digest } });
    const problems = unresolvedProblems(stack, {});
    expect(problems.filter((problem) => problem.includes(' service.'))).toEqual([]);
  });

  test('names charts of others, and images within the objects of an engine', () => {
    const step = {
      charts: [
        { name: 'operator', namespace: 'n', chart: 'operator', version: 'unresolved', values: {} },
      ],
      manifests: [
        {
          apiVersion: 'elasticsearch.k8s.elastic.co/v1',
          kind: 'Elasticsearch',
          metadata: { name: 'engine', annotations: { note: 'unresolved matters' } },
          spec: { version: '8.0.0', nodeSets: [], image: 'registry.example/engine@unresolved' },
        } as const,
      ],
    };
    const sample = sampleCluster();
    const cluster = { ...sample.cluster, steps: [step] };
    const stack = { ...sample, services: [], cluster };
    expect(
      unresolvedProblems(stack, {}).map((problem) => problem.split(/'sample': | must/)[1]),
    ).toEqual(
      expect.arrayContaining([
        'cluster.steps.0.charts.operator.version',
        'cluster.steps.0.manifests.(Elasticsearch engine).spec.image',
      ]),
    );
  });

  test('names a chart of others that has a version and was never found', () => {
    const chart = { name: 'operator', namespace: 'n', chart: 'operator', values: {} };
    const charts = [{ ...chart, repository: 'https://charts.example/', version: '1.2.3' }];
    const sample = sampleCluster();
    const stack = { ...sample, cluster: { ...sample.cluster, steps: [{ charts }] } };
    const reference = 'https://charts.example/operator:1.2.3';
    const problem = `Stack 'sample': chart ${reference} must be looked up before a deployment`;
    expect(unresolvedProblems(stack, {})).toContainEqual(expect.stringContaining(problem));
    expect(unresolvedProblems(stack, { [reference]: digest })).not.toContainEqual(
      expect.stringContaining(problem),
    );
  });
});
