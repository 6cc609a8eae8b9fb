import { topicFile } from '@meridian/language/topic.ts';
import { pathText } from './property-path.ts';
import { isRecord, revealed } from './property-values.ts';
import type { Properties } from './property-values.ts';
import { memberAt } from './rehearsed-resource.ts';

/** A value that an object keeps for good, or that may only grow. */
interface Kept {
  /** Keys from the root; `*` is every member of a list. */
  readonly path: string;
  readonly may: 'grow' | 'stay';
  /** What speaks against another value. */
  readonly because: string;
  /** What to do, for an object of a name. */
  readonly wayOut: (name: string) => string;
}

const VOLUME: Pick<Kept, 'may' | 'because' | 'wayOut'> = {
  may: 'grow',
  because: 'volumes do not shrink',
  wayOut: () => 'declare as much',
};

const CLASS: Pick<Kept, 'may' | 'because' | 'wayOut'> = {
  may: 'stay',
  because: 'pods have what the class was when they came',
  wayOut: () => 'declare as much, or a class of another name',
};

/** By a rule of the kind's definition, `self == oldSelf`. */
const BY_DEFINITION: Pick<Kept, 'may' | 'because' | 'wayOut'> = {
  may: 'stay',
  because: "the kind's definition lets nobody change it",
  wayOut: () => 'declare as much, or an object of another name',
};

/** For a topic: its object has its name. */
function asManyInFile(topic: string): string {
  return `declare as many in ${topicFile(topic)}, or a topic of another name there, to which those who consume this one go over`;
}

/**
 * What the API server refuses though Pulumi's provider takes it for a change; and what it takes and an operator refuses
 * when it sees it, or a webhook that a rehearsal does not have; by `apiVersion/kind`.
 */
const KEPT: Readonly<Record<string, readonly Kept[]>> = {
  // Source: Kubernetes 1.36.3, pkg/apis/scheduling/validation/validation.go, ValidatePriorityClassUpdate. Pulumi's provider
  // cannot preview another one in its place either (pulumi-kubernetes 4.25.0, provider/pkg/await/await.go, Creation).
  'scheduling.k8s.io/v1/PriorityClass': [
    { path: 'value', ...CLASS },
    { path: 'preemptionPolicy', ...CLASS },
  ],
  // Source: Strimzi 1.2.0, BatchingTopicController.java ("Decreasing partitions not supported",
  // "Replication factor change not supported" without Cruise Control, which is not used).
  'kafka.strimzi.io/v1/KafkaTopic': [
    {
      path: 'spec.partitions',
      may: 'grow',
      because: 'those that there are hold records',
      wayOut: asManyInFile,
    },
    {
      path: 'spec.replicas',
      may: 'stay',
      because: 'copies are not moved',
      wayOut: asManyInFile,
    },
  ],
  // Source: Strimzi 1.2.0, StorageDiff.java: the operator keeps the old size, and says so in a condition alone.
  'kafka.strimzi.io/v1/KafkaNodePool': [{ path: 'spec.storage.volumes.*.size', ...VOLUME }],
  // Source: CloudNativePG 1.30.0, cluster_webhook.go ("can't shrink existing storage").
  'postgresql.cnpg.io/v1/Cluster': [
    { path: 'spec.storage.size', ...VOLUME },
    { path: 'spec.walStorage.size', ...VOLUME },
  ],
  // Source: CloudNativePG 1.30.0, postgresql.cnpg.io_databases.yaml and postgresql.cnpg.io_scheduledbackups.yaml.
  'postgresql.cnpg.io/v1/Database': [
    'cluster.name',
    'encoding',
    'localeCollate',
    'localeCType',
    'name',
    'template',
  ].map((field) => ({ path: `spec.${field}`, ...BY_DEFINITION })),
  'postgresql.cnpg.io/v1/ScheduledBackup': [{ path: 'spec.cluster.name', ...BY_DEFINITION }],
  // Source: Gateway API 1.6, GatewayClassSpec ("Value is immutable").
  'gateway.networking.k8s.io/v1/GatewayClass': [{ path: 'spec.controllerName', ...BY_DEFINITION }],
  // Source: ECK 3.5.0, volume_validation.go (storage decrease).
  'elasticsearch.k8s.elastic.co/v1/Elasticsearch': [
    { path: 'spec.nodeSets.*.volumeClaimTemplates.*.spec.resources.requests.storage', ...VOLUME },
  ],
};

/** Why an object cannot become another one, each with its property; empty when it can. */
export function refusedChanges(before: Properties, after: Properties): readonly string[] {
  const kind = `${String(after['apiVersion'])}/${String(after['kind'])}`;
  const name = revealed(memberAt(after, ['metadata', 'name']));
  return (KEPT[kind] ?? []).flatMap((kept) =>
    refusalsOf(kept, String(name), [revealed(before), revealed(after)]),
  );
}

function refusalsOf(
  kept: Kept,
  name: string,
  [before, after]: readonly [before: unknown, after: unknown],
): readonly string[] {
  const olds = new Map(valuesAt(before, kept.path.split('.')));
  return valuesAt(after, kept.path.split('.')).flatMap(([property, wanted]) => {
    const old = olds.get(property);
    if (old === undefined || old === wanted) return [];
    if (kept.may === 'grow' && amountOf(wanted) >= amountOf(old)) return [];
    const allowed = kept.may === 'grow' ? `${String(old)} or more` : `as it was, ${String(old)}`;
    return [
      `${property}: must be ${allowed}, since ${kept.because}, got ${String(wanted)}; ${kept.wayOut(name)}`,
    ];
  });
}

/** The amounts at a path, each with where it is. */
function valuesAt(
  value: unknown,
  [key, ...below]: readonly string[],
  place: readonly (string | number)[] = [],
): readonly (readonly [property: string, value: string | number])[] {
  if (key === undefined) {
    return typeof value === 'string' || typeof value === 'number' ? [[pathText(place), value]] : [];
  }
  if (key === '*') {
    if (!Array.isArray(value)) return [];
    return value.flatMap((member, index) => valuesAt(member, below, [...place, index]));
  }
  return isRecord(value) && Object.hasOwn(value, key)
    ? valuesAt(value[key], below, [...place, key])
    : [];
}

/** Source: Kubernetes, "Resource Management", resource units. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  ...{ k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 },
};

/** A number or a quantity such as '20Gi'; NaN for anything else, which schemas refuse. */
function amountOf(value: string | number): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(value)) ?? [];
  return Number(amount) * (UNITS[unit] ?? Number.NaN);
}
