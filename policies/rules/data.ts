import { fieldsOf, objectsIn, shown, valueAt, wordOf } from '../fields.ts';
import type { ClusterObject, ObjectRule } from '../rule.ts';

/** What holds data that nothing can make again, or whose deletion takes them along. */
const DATA: ReadonlySet<string> = new Set([
  ...['Cluster', 'Elasticsearch', 'Kafka', 'KafkaNodePool', 'KafkaTopic', 'Namespace'],
  ...['PersistentVolume', 'PersistentVolumeClaim', 'StatefulSet'],
]);

/** Whether an object holds data that nothing can make again, or whose deletion takes them along. */
export function holdsData({ kind }: ClusterObject): boolean {
  return DATA.has(kind);
}

const COPIES = 3;
const IN_SYNC = 2;
const DAY_MS = 86_400_000;

export const dataAreProtected: ObjectRule = {
  id: 'data-are-protected',
  statement: 'Whatever holds data is protected, so that Pulumi does not delete it',
  reason: 'a line that is taken out of a declaration deletes the data',
  fix: "'protect: true' at the step of the landing",
  problemsOf: (object) =>
    holdsData(object) && !object.isProtected ? ['holds data and is not protected'] : [],
};

export const volumesAreKept: ObjectRule = {
  id: 'volumes-are-kept',
  statement: 'Volumes stay when the object that uses them is deleted',
  reason: 'there is no way back from a deletion by mistake',
  fix: 'components/<engine>/kubernetes',
  problemsOf: ({ kind, fields }) => {
    if (kind === 'KafkaNodePool') return volumesOf(fieldsOf(valueAt(fields, 'spec.storage')));
    const policy = valueAt(fields, 'spec.volumeClaimDeletePolicy');
    return kind === 'Elasticsearch' && policy !== 'DeleteOnScaledownOnly'
      ? [`volumeClaimDeletePolicy must be DeleteOnScaledownOnly, got ${shown(policy)}`]
      : [];
  },
};

function volumesOf(storage: Readonly<Record<string, unknown>>): readonly string[] {
  const volumes = storage['type'] === 'jbod' ? objectsIn(storage['volumes']) : [storage];
  return volumes.flatMap(({ type, deleteClaim }) => [
    ...(type === 'persistent-claim'
      ? []
      : [`has storage of type ${shown(type)}, which goes with the pod`]),
    ...(deleteClaim === true ? ['deleteClaim is true'] : []),
  ]);
}

export const recordsHaveThreeCopies: ObjectRule = {
  id: 'records-have-three-copies',
  statement: 'Topics have three copies, of which two acknowledge a record',
  reason: 'a broker that is lost takes acknowledged records along, or stops all writing',
  fix: 'components/kafka/topics.ts, components/kafka/broker-configuration.ts',
  problemsOf: ({ kind, fields }) => {
    if (kind === 'KafkaTopic') {
      const inSync = fieldsOf(valueAt(fields, 'spec.config'))['min.insync.replicas'];
      return [
        ...atLeast(valueAt(fields, 'spec.replicas'), COPIES, 'replicas'),
        ...atLeast(inSync, IN_SYNC, 'min.insync.replicas'),
      ];
    }
    if (kind !== 'Kafka') return [];
    const config = fieldsOf(valueAt(fields, 'spec.kafka.config'));
    const copied = [
      ...['default.replication.factor', 'offsets.topic.replication.factor'],
      ...['transaction.state.log.replication.factor'],
    ];
    return [
      ...copied.flatMap((name) => atLeast(config[name], COPIES, name)),
      ...['min.insync.replicas', 'transaction.state.log.min.isr'].flatMap((name) =>
        atLeast(config[name], IN_SYNC, name),
      ),
      ...(wordOf(config['unclean.leader.election.enable']) === 'true'
        ? ['unclean.leader.election.enable is true']
        : []),
    ];
  },
};

function atLeast(given: unknown, wanted: number, name: string): readonly string[] {
  return Number(given) >= wanted ? [] : [`${name} must be at least ${wanted}, got ${shown(given)}`];
}

export const recordsAreKeptForADay: ObjectRule = {
  id: 'records-are-kept-for-a-day',
  statement: 'Topics keep records for a day at least',
  reason: 'a consumer that is down over night has lost events when it is back',
  fix: 'retentionDays of the topic',
  problemsOf: ({ kind, fields }) => {
    if (kind !== 'KafkaTopic') return [];
    const config = fieldsOf(valueAt(fields, 'spec.config'));
    const kept = config['retention.ms'];
    const isCompacted = config['cleanup.policy'] === 'compact';
    return isCompacted || kept === -1 || Number(kept) >= DAY_MS
      ? []
      : [`retention.ms must be at least ${DAY_MS}, got ${shown(kept)}`];
  },
};

export const commitsAreOnTwoInstances: ObjectRule = {
  id: 'commits-are-on-two-instances',
  statement: 'PostgreSQL acknowledges a commit when another instance has it',
  reason: 'an instance that is lost takes acknowledged orders along',
  fix: 'components/postgres/kubernetes/cluster.ts',
  problemsOf: ({ apiVersion, kind, fields }: ClusterObject) => {
    if (!apiVersion.startsWith('postgresql.cnpg.io/') || kind !== 'Cluster') return [];
    const synchronous = fieldsOf(valueAt(fields, 'spec.postgresql.synchronous'));
    const durability = synchronous['dataDurability'] ?? 'required';
    return [
      ...atLeast(synchronous['number'], 1, 'postgresql.synchronous.number'),
      ...(durability === 'required'
        ? []
        : [`postgresql.synchronous.dataDurability must be required, got ${shown(durability)}`]),
    ];
  },
};
