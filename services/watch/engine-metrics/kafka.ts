import type { Admin, Kafka } from 'kafkajs';
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
  };
  return {
    engine: 'kafka',
    nodes: bootstrapServers,
    ask: () =>
      withAdmin(kafka, async (admin) => {
        const { brokers } = await admin.describeCluster();
        const { topics } = await admin.fetchTopicMetadata();
        const partitions = topics.flatMap((topic) => topic.partitions);
        const behind = partitions.filter(({ isr, replicas }) => isr.length < replicas.length);
        const offline = partitions.filter(({ leader }) => leader < 0);
        const show = () => {
          shown.behind.set(behind.length);
          shown.offline.set(offline.length);
        };
        return { there: brokers.map(({ host, port }) => `${host}:${port}`), show };
      }),
    forget: () => {
      shown.behind.remove();
      shown.offline.remove();
    },
  };
}

/** A connection for each question: whatever broker is there answers, with the newest certificate. */
export async function withAdmin<Answer>(
  kafka: Kafka,
  ask: (admin: Admin) => Promise<Answer>,
): Promise<Answer> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}
