import { expect, test } from '@jest/globals';
import { samplePlatform } from '../model/testing/sample-platform.ts';
import { sampleCluster, sampleClusterSettings } from '../testing/sample-cluster.ts';
import type { KubernetesStack } from './lower-kubernetes.ts';
import { partsOf } from './parts-of.ts';

/** Every object and every release of a chart by what makes it the only one of its kind in a cluster. */
function places(stack: KubernetesStack): readonly string[] {
  const steps = Object.values(partsOf(stack)).flatMap((part) => part.steps);
  return steps.flatMap(({ manifests = [], charts = [] }) => [
    ...manifests.map(
      ({ kind, metadata: { name, namespace = '' } }) => `${kind} ${namespace}/${name}`,
    ),
    ...charts.map(({ name, namespace }) => `Release ${namespace}/${name}`),
  ]);
}

const first = sampleCluster();
const second = sampleCluster(
  {
    operators: 'installed',
    trustDomain: 'other',
    namespaces: {
      edge: sampleClusterSettings.namespaces.edge,
      observability: 'other-watch',
      nodeLogs: 'other-node-logs',
      data: 'other-data',
    },
  },
  { ...samplePlatform, name: 'other', trustDomain: 'other' },
);

test('nothing of two platforms with names of their own is in the same place of one cluster', () => {
  const taken = new Set(places(first));
  expect(taken.size).toBeGreaterThan(100);
  expect(places(second).filter((place) => taken.has(place))).toEqual([]);
});

test('what belongs to the whole cluster has the name of the platform in front of its own', () => {
  const ofCluster = places(second).filter((place) => place.includes(' /'));
  const kinds = new Set(ofCluster.map((place) => place.split(' ')[0]));
  for (const kind of ['ClusterIssuer', 'ClusterRole', 'PriorityClass', 'GatewayClass']) {
    expect(kinds).toContain(kind);
  }
  expect(ofCluster.filter((place) => !/ \/other(-|$)/.test(place))).toEqual([]);
});
