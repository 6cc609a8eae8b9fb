import { z } from 'zod';
import { clusterSchema, isSameCluster, kafkaNameSchema, nameOf } from '../kafka/cluster.ts';
import { dropTopic, ensureTopic, findTopic } from '../kafka/topics.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { topicFile } from '@meridian/language/topic.ts';
import { kafkaAccess } from './engines.ts';
import type { Context, Properties, ResourceHandler } from './resource-handler.ts';

const inputs = z.strictObject({
  cluster: clusterSchema,
  name: kafkaNameSchema,
  partitions: z.int().min(1, 'must be 1 to 200').max(200, 'must be 1 to 200'),
  replication: z.int().min(1, 'must be 1 to 7').max(7, 'must be 1 to 7'),
  minInSyncReplicas: z.int().min(1, 'must be 1 to 7').max(7, 'must be 1 to 7'),
  retentionDays: z.int().min(1, 'must be 1 to 3650').max(3650, 'must be 1 to 3650'),
});
type TopicInputs = z.infer<typeof inputs>;
const state = z.looseObject({
  cluster: clusterSchema,
  name: z.string(),
  partitions: z.number(),
  replication: z.number(),
});

/** Manages `KafkaTopic`. Deleting it loses its records: programs protect it. */
export const kafkaTopicHandler: ResourceHandler<TopicInputs, z.infer<typeof state>> = {
  inputs,
  state,
  inputKeys: ['cluster', 'name', 'partitions', 'replication', 'minInSyncReplicas', 'retentionDays'],
  replacedBy: ['name'],
  replaces: (key, old, wanted) => key === 'cluster' && !isSameCluster(old, wanted),
  deleteBeforeReplace: true,
  async create(wanted, context) {
    await ensure(wanted, context);
    return { id: `${wanted.cluster.id}/topic/${wanted.name}`, outputs: wanted };
  },
  read({ cluster, name }, known, context) {
    const what = `Topic '${name}' of ${nameOf(cluster)}`;
    return kafkaAccess.lookOr(
      context,
      { target: cluster, what, otherwise: known },
      async (admin): Promise<Properties | undefined> => {
        const found = await findTopic(admin, name);
        return found === undefined ? undefined : { ...known, ...found };
      },
    );
  },
  async update(old, wanted, context) {
    refuseLoss(old, wanted);
    await ensure(wanted, context);
    return wanted;
  },
  delete({ cluster, name }, context) {
    const what = `Topic '${name}' of ${nameOf(cluster)}`;
    return kafkaAccess.delete(context, cluster, what, (admin) => dropTopic(admin, name));
  },
};

async function ensure({ cluster, ...wanted }: TopicInputs, context: Context): Promise<void> {
  context.status(`making topic ${wanted.name}`);
  await kafkaAccess.change(context, cluster, (admin) => ensureTopic(admin, wanted));
}

/** Kafka cannot take partitions away, and moves copies only by hand. */
function refuseLoss(
  old: { readonly partitions: number; readonly replication: number },
  { name, partitions, replication }: TopicInputs,
): void {
  if (partitions < old.partitions) {
    throw new CodedError(
      'KAFKA_TOPIC_CHANGE',
      `Topic '${name}': partitions must be ${old.partitions} or more, got ${partitions}: those that there are hold records; ${inFile(old.partitions, name)}`,
    );
  }
  if (replication !== old.replication) {
    throw new CodedError(
      'KAFKA_TOPIC_CHANGE',
      `Topic '${name}': replication must stay ${old.replication}, got ${replication}: copies are not moved; ${inFile(old.replication, name)}`,
    );
  }
}

/** Where a topic says how many it has, and what becomes of one that is to have other ones. */
function inFile(count: number, topic: string): string {
  return `declare ${count} in ${topicFile(topic)}, or a topic of another name there, to which those who consume this one go over`;
}
