import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from './rendered-chart.ts';
import { allObjects, charts, manifests, withDefaults } from './rendered-chart.ts';

/** What Kubernetes' own code would write otherwise: '1000m' is '1', and '1024Mi' is '1Gi'. */
function isRewritten(quantity: string): boolean {
  const [, digits = '', unit = ''] = /^(\d+)(m|Ki|Mi|Gi)$/.exec(quantity) ?? [];
  if (unit === '') return false;
  return Number(digits) % (unit === 'm' ? 1_000 : 1_024) === 0;
}

/** The quantities of containers that are not written so, by their place in the object. */
function rewritten(value: unknown, place: readonly string[] = []): readonly string[] {
  if (typeof value === 'string') {
    const isOfContainer = place.at(-3) === 'resources';
    return isOfContainer && isRewritten(value) ? [`${place.join('.')} ${value}`] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => rewritten(member, [...place, key]));
}

const texts = [...[...charts].map(([, chart]) => withDefaults(chart)), ...manifests.values()];

// Argo Rollouts writes whole objects back, in Kubernetes' own words: whoever applies others is refused from then on.
describe('quantities are given as a controller that writes the object back gives them', () => {
  test('in every object', () => {
    const found = texts
      .flatMap(allObjects)
      .flatMap((object: ClusterObject) =>
        rewritten(object).map((at) => `${object.kind} ${object.metadata.name}: ${at}`),
      );
    expect(found).toEqual([]);
  });

  test('others are found', () => {
    const limits = { cpu: '1000m', memory: '2048Mi' };
    const requests = { cpu: '250m', memory: '1Gi' };
    expect(rewritten({ containers: [{ resources: { limits, requests } }] })).toEqual([
      'containers.0.resources.limits.cpu 1000m',
      'containers.0.resources.limits.memory 2048Mi',
    ]);
  });
});
