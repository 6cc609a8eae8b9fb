import type { Admin, ITopicMetadata } from 'kafkajs';
import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import { readKafkaBinding } from '@meridian/kit/kafka/binding.ts';
import { openKafka } from '@meridian/kit/kafka/client.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import type { EnginePoll } from './engine-poll.ts';

/** Kafka, by the process's binding to it; its processes are the brokers that the binding names. */
export function kafkaPoll(runtime: Runtime): EnginePoll {
  const { bootstrapServers } = readKafkaBinding(runtime.bindings, runtime.workingFolder);
  const kafka = openKafka(runtime);
  const { registry } = runtime.metrics;
  const shown = {
    behind: gauge(registry, {
      name: ENGINE_METRICS.kafkaUnderReplicated.name,
      help: 'Partitions of which a copy is not up to date',
    }),
    offline: gauge(registry, {
      name: ENGINE_METRICS.kafkaOffline.name,
      help: 'Partitions without a leader',
    }),
    lag: gauge(registry, {
      name: ENGINE_METRICS.kafkaGroupLag.name,
      help: 'Records that a group has not read',
    }),
  };
  return {
    engine: 'kafka',
    nodes: bootstrapServers,
    ask: async () => {
      // A connection for each question: whatever broker is there answers, with the newest certificate.
      const admin = kafka.admin();
      await admin.connect();
      try {
        const { brokers } = await admin.describeCluster();
        const { topics } = await admin.fetchTopicMetadata();
        const partitions = topics.flatMap((topic) => topic.partitions);
        shown.behind.set(
          partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
        );
        shown.offline.set(partitions.filter(({ leader }) => leader < 0).length);
        shown.lag.reset();
        for (const { group, topic, records } of await groupLags(admin, topics)) {
          shown.lag.set({ group, topic }, records);
        }
        return brokers.map(({ host, port }) => `${host}:${port}`);
      } finally {
        await admin.disconnect();
      }
    },
    forget: () => {
      shown.behind.remove();
      shown.offline.remove();
      shown.lag.reset();
    },
  };
}

interface GroupLag {
  readonly group: string;
  readonly topic: string;
  readonly records: number;
}

/** How far each group is behind in each topic that it has read of. */
async function groupLags(
  admin: Admin,
  topics: readonly ITopicMetadata[],
): Promise<readonly GroupLag[]> {
  const { groups } = await admin.listGroups();
  const ends = new Map<string, ReadonlyMap<number, bigint>>();
  for (const { name } of topics) {
    const offsets = await admin.fetchTopicOffsets(name);
    ends.set(name, new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)])));
  }
  const lags: GroupLag[] = [];
  for (const { groupId: group } of groups) {
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group })) {
      const records = partitions.map(({ partition, offset }) => {
        const end = ends.get(topic)?.get(partition) ?? 0n;
        const read = BigInt(offset);
        return read < 0n || read > end ? 0n : end - read;
      });
      lags.push({ group, topic, records: Number(records.reduce((sum, each) => sum + each, 0n)) });
    }
  }
  return lags;
}
