import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from './rendered-chart.ts';
import { allObjects, charts, manifests, withDefaults } from './rendered-chart.ts';

/**
 * By what the API server tells the items of a pod's lists apart: two that are alike it refuses where the CRD says so, and
 * server-side apply cannot merge. A rehearsal does not see it, as JSON Schema has no word for it. Source: Argo Rollouts 1.10.1,
 * rollout-crd.yaml, x-kubernetes-list-map-keys; of volumes Kubernetes 1.36.3, PodSpec.
 */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  volumes: ['name'],
  imagePullSecrets: ['name'],
  env: ['name'],
  ports: ['containerPort', 'protocol'],
  volumeMounts: ['mountPath'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
};

type Item = Readonly<Record<string, unknown>>;

/** The items of a list that have the keys of another one, by the list's place in the object. */
function repeated(value: unknown, place: readonly string[] = []): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => repeated(item, [...place, String(index)]));
  }
  return Object.entries(value).flatMap(([name, inner]) => [
    ...doubles(name, inner).map((item) => [...place, name, item].join('.')),
    ...repeated(inner, [...place, name]),
  ]);
}

function doubles(name: string, list: unknown): readonly string[] {
  const keys = KEYS[name];
  if (keys === undefined || !Array.isArray(list)) return [];
  const items = list
    .filter((item: Item) => keys[0] !== undefined && item[keys[0]] !== undefined)
    .map((item: Item) => keys.map((key) => String(item[key])).join('/'));
  return items.filter((item, index) => items.indexOf(item) !== index);
}

const texts = [...charts].map(([name, chart]) => [name, withDefaults(chart)] as const);

describe('no list of a pod has two items that are told apart by the same', () => {
  test.each([...texts, ...manifests])('%s', (_file, text) => {
    const found = allObjects(text).flatMap((object: ClusterObject) =>
      repeated(object).map((item) => `${object.kind} ${object.metadata.name}: ${item}`),
    );
    expect(found).toEqual([]);
  });

  test('one that has is found', () => {
    const containers = [{ name: 'app', env: [{ name: 'A' }, { name: 'B' }, { name: 'A' }] }];
    expect(repeated({ spec: { template: { spec: { containers } } } })).toEqual([
      'spec.template.spec.containers.0.env.A',
    ]);
  });
});
