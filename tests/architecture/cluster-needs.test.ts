import { expect, test } from '@jest/globals';
import { objectsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { sampleCluster } from '@meridian/components/testing/sample-cluster.ts';
import { KUBERNETES } from '../../tools/generators/manifest-schemas/sources.ts';

const stack = sampleCluster({
  externalSecrets: { store: 'vault', kind: 'ClusterSecretStore' },
});

test('every kind that is not of Kubernetes itself is asked of the cluster, by its operator', () => {
  const objects = objectsOf(stack).filter(
    ({ apiVersion }) => KUBERNETES.kinds[apiVersion] === undefined,
  );
  const asked = stack.cluster.needs.definitions.flatMap(({ apiVersion, kinds }) =>
    kinds.map((kind) => `${apiVersion} ${kind}`),
  );
  expect(objects.length).toBeGreaterThan(20);
  const kinds = new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  expect([...kinds].filter((kind) => !asked.includes(kind))).toEqual([]);
});
