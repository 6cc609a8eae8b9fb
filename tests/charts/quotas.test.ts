import { expect, test } from '@jest/globals';
import { allObjects, charts, manifests, objectsOf, withDefaults } from './rendered-chart.ts';
import type { ClusterObject } from './rendered-chart.ts';

/** What a container says of what it takes. */
interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly memory: string };
}

interface Pod {
  readonly spec: {
    readonly containers: readonly { readonly resources: Resources }[];
    readonly initContainers?: readonly { readonly resources: Resources }[];
  };
}

/** Whatever makes pods. */
interface Maker extends ClusterObject {
  readonly metadata: ClusterObject['metadata'] & { readonly namespace?: string };
  readonly spec: {
    readonly replicas?: number;
    readonly template?: Pod;
    readonly jobTemplate?: { readonly spec: { readonly template: Pod } };
    readonly strategy?: { readonly type?: string };
    readonly concurrencyPolicy?: string;
  };
}

type Scaled = ClusterObject & { readonly spec: { readonly maxReplicaCount: number } };
type Quota = Maker & { readonly spec: { readonly hard: Readonly<Record<string, string>> } };

const NAMESPACE = 'meridian';
const MAKERS = ['Deployment', 'StatefulSet', 'Job', 'CronJob', 'Rollout'];

const makersIn = (text: string) => allObjects(text) as readonly Maker[];
const everything = [...manifests.values()].flatMap(makersIn);
const inCharts = [...charts.values()].flatMap((chart) => {
  const [scaled] = objectsOf<Scaled>(chart, 'ScaledObject');
  return makersIn(withDefaults(chart)).map((object) => ({
    ...object,
    metadata: { ...object.metadata, namespace: NAMESPACE },
    most: scaled?.spec.maxReplicaCount ?? Number.NaN,
  }));
});

/** The most pods of it at once: as many as it may have, two releases where they stand side by side, and one that a drain ends. */
function mostPods({ kind, spec }: Maker, most: number): number {
  if (kind === 'Rollout') return 2 * most + 1;
  if (kind === 'CronJob') return spec.concurrencyPolicy === 'Forbid' ? 1 : Number.NaN;
  if (kind === 'Job') return 1;
  const surge = kind === 'Deployment' && spec.strategy?.type !== 'Recreate' ? 1 : 0;
  return (spec.replicas ?? 1) + surge + 1;
}

const amount = (text: string): number => {
  const [, digits = '', unit = ''] = /^(\d+)(m|Mi|Gi)?$/.exec(text) ?? [];
  return Number(digits) * ({ '': 1_000, m: 1, Mi: 1, Gi: 1_024 }[unit] ?? Number.NaN);
};

test('the quota of the services holds two releases at their largest, what watches, all Jobs and a drain, and little more', () => {
  const makers = [...everything.map((object) => ({ ...object, most: Number.NaN })), ...inCharts]
    .filter(({ kind, metadata }) => MAKERS.includes(kind) && metadata.namespace === NAMESPACE)
    // The services' objects are in their charts and beside them.
    .filter(({ kind, most }) => kind !== 'Rollout' || !Number.isNaN(most));
  expect(new Set(makers.map(({ kind }) => kind))).toEqual(
    new Set(['CronJob', 'Deployment', 'Job', 'Rollout']),
  );
  const needed = { pods: 0, 'requests.cpu': 0, 'requests.memory': 0, 'limits.memory': 0 };
  for (const maker of makers) {
    const pod = maker.spec.template ?? maker.spec.jobTemplate?.spec.template;
    const pods = mostPods(maker, maker.most);
    needed.pods += pods;
    for (const { resources } of pod?.spec.containers ?? []) {
      needed['requests.cpu'] += pods * amount(resources.requests.cpu);
      needed['requests.memory'] += pods * amount(resources.requests.memory);
      needed['limits.memory'] += pods * amount(resources.limits.memory);
    }
  }
  const quota = everything.find(
    ({ kind, metadata }) => kind === 'ResourceQuota' && metadata.namespace === NAMESPACE,
  ) as Quota;
  for (const [name, least] of Object.entries(needed)) {
    const { [name]: hard = '' } = quota.spec.hard;
    const given = name === 'pods' ? Number(hard) : amount(hard);
    expect([name, given >= least, given <= least * 1.05]).toEqual([name, true, true]);
  }
});
