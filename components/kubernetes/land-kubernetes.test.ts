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
