import { describe, expect, test } from '@jest/globals';
import type { ClusterObject, Manifest } from '@meridian/components/kubernetes/manifest.ts';
import { objectsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { withRecommendedLabels } from '@meridian/components/kubernetes/recommended-labels.ts';
import { lowered } from './lowered-staging.ts';

const RECOMMENDED = ['name', 'instance', 'component', 'part-of', 'managed-by'].map(
  (label) => `app.kubernetes.io/${label}`,
);

/** Source: Kubernetes, "Labels and Selectors", syntax. */
const VALUE = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

const objects: readonly ClusterObject[] = objectsOf(lowered);

describe('the recommended labels', () => {
  test('are on every object of the stack, and say that Pulumi keeps it', () => {
    expect(objects.length).toBeGreaterThan(300);
    const without = objects.flatMap(({ kind, metadata }) =>
      RECOMMENDED.filter((label) => !VALUE.test(metadata.labels?.[label] ?? '')).map(
        (label) => `${kind} ${metadata.name}: ${label}`,
      ),
    );
    expect(without).toEqual([]);
    const of = (label: string) =>
      new Set(objects.map(({ metadata }) => metadata.labels?.[`app.kubernetes.io/${label}`]));
    expect(of('part-of')).toEqual(new Set(['meridian']));
    expect(of('managed-by')).toEqual(new Set(['pulumi']));
  });

  // What selects pods can never change, and pods with other labels are other pods.
  test('are added to objects alone, and leave what these say of themselves', () => {
    const object: Manifest = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'store', labels: { 'app.kubernetes.io/name': 'store' } },
      spec: {
        selector: { matchLabels: { 'app.kubernetes.io/name': 'store' } },
        template: {
          metadata: { labels: { 'app.kubernetes.io/name': 'store' } },
          spec: { containers: [] },
        },
      },
    };
    const part = withRecommendedLabels(
      { steps: [{ manifests: [object] }] },
      { platform: 'meridian', name: 'stores' },
    );
    const [labelled] = part.steps[0]?.manifests ?? [];
    expect(labelled).toHaveProperty('spec', object.spec);
    expect(labelled?.metadata.labels).toMatchObject({
      'app.kubernetes.io/name': 'store',
      'app.kubernetes.io/component': 'stores',
    });
  });
});
