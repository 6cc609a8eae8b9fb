import type { Admin, ITopicMetadata } from 'kafkajs';
import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import { openKafka } from '@meridian/kit/kafka/client.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import type { EnginePoll } from './engine-poll.ts';
import { withAdmin } from './kafka.ts';

/**
 * How far groups are behind. It is asked for by itself: while partitions and groups find new brokers nobody can tell,
 * and Kafka is there all the same.
 */
export function kafkaGroupsPoll(runtime: Runtime): EnginePoll {
  const kafka = openKafka(runtime);
  const lag = gauge(runtime.metrics.registry, {
    name: ENGINE_METRICS.kafkaGroupLag.name,
    help: 'Records that a group has not read',
  });
  return {
    engine: 'groups of kafka',
    nodes: [],
    ask: () =>
      withAdmin(kafka, async (admin) => {
        const { topics } = await admin.fetchTopicMetadata();
        const lags = await groupLags(admin, topics);
        const show = () => {
          lag.reset();
          for (const { group, topic, records } of lags) lag.set({ group, topic }, records);
        };
        return { there: [], show };
      }),
    forget: () => lag.reset(),
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
