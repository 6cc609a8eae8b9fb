import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record } from '../testing/recording-mocks.ts';
import { sampleCluster } from '../testing/sample-cluster.ts';
import { declareLanded } from '../testing/sample-program.ts';
import { landKubernetes } from './lower-kubernetes.ts';
import type { KubernetesPart } from './manifest.ts';
import { resourceName } from './resource-name.ts';

const stack = sampleCluster();
let chartsFolder: string;

beforeAll(() => {
  chartsFolder = mkdtempSync(path.join(tmpdir(), 'meridian-charts-'));
});

afterAll(() => {
  rmSync(chartsFolder, { recursive: true });
});

/** Names of the resources of the Jobs of a part. */
const jobsOf = ({ steps }: KubernetesPart): readonly string[] =>
  steps
    .flatMap(({ manifests = [] }) => manifests)
    .filter(({ kind }) => kind === 'Job')
    .map(resourceName);

const recordSample = () =>
  record(() => {
    declareLanded(landKubernetes(stack, chartsFolder));
  });

describe('the landing in a cluster', () => {
  test('installs each service from a chart that it writes, under a path that is the same everywhere', async () => {
    const recording = await recordSample();
    const { chart } = recording.resource('release-shelf').inputs as { readonly chart: string };
    expect(chart).toBe(`./${path.relative('.', path.join(chartsFolder, 'sample/shelf'))}`);
    expect(existsSync(path.join(chart, 'Chart.yaml'))).toBe(true);
  });

  test('begins everything else when ground and certificates are there', async () => {
    const recording = await recordSample();
    const namesIn = ({ steps }: KubernetesPart): readonly string[] =>
      steps.flatMap(({ charts = [], manifests = [] }) => [
        ...charts.map(({ name }) => `release-${name}`),
        ...manifests.map(resourceName),
      ]);
    const [ground, certificates] = [namesIn(stack.cluster), namesIn(stack.certificates)];
    const waitsForAll = (name: string, others: readonly string[]) =>
      others.every((other) => recording.waits(name, other));
    const others = recording.resources
      .filter(({ type }) => type.startsWith('kubernetes:'))
      .map(({ name }) => name)
      .filter((name) => ![...ground, ...certificates].includes(name));
    expect(others.length).toBeGreaterThan(ground.length);
    expect(others.filter((name) => !waitsForAll(name, [...ground, ...certificates]))).toEqual([]);
    expect(certificates.filter((name) => !waitsForAll(name, ground))).toEqual([]);
  });

  test('runs the migrations before the release of the service that they are for', async () => {
    const recording = await recordSample();
    const [migrations = ''] = jobsOf(stack.postgres);
    expect(recording.resource(migrations).inputs).toMatchObject({ kind: 'Job' });
    expect(recording.waits('release-shelf', migrations)).toBe(true);
  });

  test('is done with a service when its Rollout is healthy, and then begins with its callers', async () => {
    const recording = await recordSample();
    const [healthy = ''] = jobsOf(stack.rollouts['shelf'] ?? { steps: [] });
    expect(recording.waits(healthy, 'release-shelf')).toBe(true);
    expect(recording.waits('release-door', healthy)).toBe(true);
  });
});
