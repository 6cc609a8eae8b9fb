import { beforeAll, describe, expect, test } from '@jest/globals';
import { record } from '../testing/recording-mocks.ts';
import type { Recording } from '../testing/recording-mocks.ts';
import { sampleCluster } from '../testing/sample-cluster.ts';
import { declareLanded } from '../testing/sample-program.ts';
import { KUBERNETES_NOUNS } from './kubernetes-nouns.ts';
import { landPods } from './lower-kubernetes.ts';
import type { KubernetesPart } from './manifest.ts';
import { resourceName } from './resource-name.ts';

const stack = sampleCluster();
const ROLLOUT = 'rollout-sample-shelf';

/** Names of the resources of the Jobs of a part. */
const jobsOf = ({ steps }: KubernetesPart): readonly string[] =>
  steps
    .flatMap(({ manifests = [] }) => manifests)
    .filter(({ kind }) => kind === 'Job')
    .map(resourceName);

describe('the landing in a cluster', () => {
  let recording: Recording;

  beforeAll(async () => {
    recording = await record(() => {
      declareLanded(landPods(KUBERNETES_NOUNS, stack));
    });
  }, 60_000);

  test('declares every object of each service, and the Rollout when all that its pods need is there', () => {
    for (const name of ['shelf', 'door']) {
      const objects = (stack.serviceParts[name]?.steps ?? []).flatMap(
        ({ manifests = [] }) => manifests,
      );
      for (const object of objects) {
        const { kind, metadata } = recording.resource(resourceName(object)).inputs;
        expect([kind, metadata]).toEqual([object.kind, object.metadata]);
      }
      const [rollout = ''] = objects.filter(({ kind }) => kind === 'Rollout').map(resourceName);
      const needed = objects.filter(({ kind }) => kind !== 'Rollout' && kind !== 'ScaledObject');
      expect(needed.length).toBeGreaterThan(4);
      expect(needed.filter((object) => !recording.waits(rollout, resourceName(object)))).toEqual(
        [],
      );
    }
  });

  test('begins everything else when ground and certificates are there', () => {
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

  test('makes nothing before the cluster is found to be as it has to be', () => {
    const { inputs } = recording.resource('cluster-check');
    expect(inputs).toMatchObject({ ...stack.cluster.needs, access: { mayBeAway: false } });
    const made = recording.resources.filter(({ type }) => type.startsWith('kubernetes:'));
    expect(made.filter(({ name }) => !recording.waits(name, 'cluster-check'))).toEqual([]);
  });

  test('runs the migrations before anything of the service that they are for', () => {
    const [migrations = ''] = jobsOf(stack.postgres);
    expect(recording.resource(migrations).inputs).toMatchObject({ kind: 'Job' });
    expect(recording.waits('service-sample-shelf', migrations)).toBe(true);
    expect(recording.waits(ROLLOUT, migrations)).toBe(true);
  });

  test('is done with a service when its Rollout is healthy, and then begins with its callers', () => {
    const [healthy = ''] = jobsOf(stack.rollouts['shelf'] ?? { steps: [] });
    expect(recording.waits(healthy, ROLLOUT)).toBe(true);
    expect(recording.waits('rollout-sample-door', healthy)).toBe(true);
  });
});
