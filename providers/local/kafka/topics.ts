import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { codeOf } from './admin-connection.ts';

/** What a topic is to be. */
export interface TopicSettings {
  readonly name: string;
  readonly partitions: number;
  /** Copies of each partition. */
  readonly replication: number;
  readonly minInSyncReplicas: number;
  readonly retentionDays: number;
}

const { ConfigResourceTypes } = kafkajs;
const DAY_MS = 86_400_000;
const MIN_IN_SYNC = 'min.insync.replicas';
const RETENTION_MS = 'retention.ms';

/**
 * Makes the topic, or makes one that is there be as wanted; partitions only ever grow. Throws
 * UNKNOWN_TOPIC_OR_PARTITION while a broker has not heard of it: to be done again.
 */
export async function ensureTopic(admin: Admin, wanted: TopicSettings): Promise<void> {
  const { name, partitions, replication } = wanted;
  const found = await findTopic(admin, name);
  if (found === undefined) {
    await admin.createTopics({
      topics: [
        {
          topic: name,
          numPartitions: partitions,
          replicationFactor: replication,
          configEntries: entriesOf(wanted),
        },
      ],
    });
    return;
  }
  if (found.partitions < partitions) {
    await admin.createPartitions({ topicPartitions: [{ topic: name, count: partitions }] });
  }
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries: entriesOf(wanted) }],
  });
}

/** The topic as it is, or undefined. */
export async function findTopic(admin: Admin, name: string): Promise<TopicSettings | undefined> {
  if (!(await admin.listTopics()).includes(name)) {
    return undefined;
  }
  const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
  const partitions = topics[0]?.partitions ?? [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [
      { type: ConfigResourceTypes.TOPIC, name, configNames: [MIN_IN_SYNC, RETENTION_MS] },
    ],
  });
  const value = (key: string): number =>
    Number(resources[0]?.configEntries.find(({ configName }) => configName === key)?.configValue);
  return {
    name,
    partitions: partitions.length,
    replication: partitions[0]?.replicas.length ?? 0,
    minInSyncReplicas: value(MIN_IN_SYNC),
    retentionDays: value(RETENTION_MS) / DAY_MS,
  };
}

/** Removes the topic with its records. */
export async function dropTopic(admin: Admin, name: string): Promise<void> {
  try {
    await admin.deleteTopics({ topics: [name] });
  } catch (thrown) {
    if (codeOf(thrown) !== 'UNKNOWN_TOPIC_OR_PARTITION') {
      throw thrown;
    }
  }
}

function entriesOf({ minInSyncReplicas, retentionDays }: TopicSettings) {
  return [
    { name: MIN_IN_SYNC, value: String(minInSyncReplicas) },
    { name: RETENTION_MS, value: String(retentionDays * DAY_MS) },
    { name: 'cleanup.policy', value: 'delete' },
  ];
}
