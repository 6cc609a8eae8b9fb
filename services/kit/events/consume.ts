import type { ConsumedTopic } from '@meridian/components/model/client-types.ts';
import { groupPrefix } from '@meridian/language/topic.ts';
import type { EventOf, Topic } from '@meridian/language/topic.ts';
import { openKafka } from '../kafka/client.ts';
import { KafkaPublisher } from '../kafka/kafka-publisher.ts';
import { KafkaConsumer } from '../kafka/kafka-consumer.ts';
import type { Runtime } from '../runtime.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import type { EventHandler } from './event-handler.ts';
import type { Inbox } from './inbox.ts';
import { oneByOne } from './progress.ts';
import type { RecordHandling } from './progress.ts';
import type { Publisher } from './publisher.ts';
import { DEFAULT_RETRY_SETTINGS, RecordProcessor } from './record-processor.ts';
import type { RetrySettings } from './record-processor.ts';

/** What a service does about the events of the topics that its declaration consumes. */
export interface ConsumeOptions<Declaration> {
  readonly inbox: Inbox;
  /**
   * Handlers of every consumed topic by its name, `[catalogEvents.name]: [on(ProductCreatedSchema, …)]`; a
   * topic that is missing or not declared does not compile, nor does an event that the topic does not have.
   */
  readonly topics: [ConsumedTopic<Declaration>] extends [never]
    ? never
    : HandlersOf<ConsumedTopic<Declaration>>;
  /** Merged over DEFAULT_RETRY_SETTINGS. */
  readonly retry?: Partial<RetrySettings>;
}

type HandlersOf<Consumed extends Topic> = {
  readonly [T in Consumed as T['name']]: readonly EventHandler<EventOf<T>>[];
};

/**
 * Handles events in the background while the process belongs to the active release; Kafka need not
 * be there yet. Replicas of a service share its topics' partitions. Each event has its effect once:
 * the inbox remembers it in the effect's own transaction, and offsets are committed after that. Events
 * with one key are handled in order; of a type that no handler takes they are skipped. Once for each
 * process; throws a CodedError without a binding to Kafka.
 */
export function consume<Declaration>(runtime: Runtime, options: ConsumeOptions<Declaration>): void {
  const handlers = new Map(Object.entries<readonly EventHandler[]>(options.topics));
  runConsumer(runtime, [...handlers.keys()], (deadLetters) =>
    oneByOne(
      new RecordProcessor({
        consumer: runtime.configuration.service,
        inbox: options.inbox,
        handlers,
        deadLetters,
        log: runtime.log,
        tracing: runtime.tracing,
        retry: { ...DEFAULT_RETRY_SETTINGS, ...options.retry },
      }),
    ),
  );
}

/** An effect waits for its database more than it computes: one by one, partitions would wait for each other. */
const PARTITIONS_AT_ONCE_MAX = 4;

/** Runs the one consumer of a process from now until it leaves. */
export function runConsumer(
  runtime: Runtime,
  topics: readonly string[],
  handling: (deadLetters: Publisher) => RecordHandling,
  readings: () => Promise<number> = () => Promise.resolve(1),
): void {
  const kafka = openKafka(runtime);
  const { databaseConnections, service } = runtime.configuration;
  const deadLetters = new KafkaPublisher(kafka);
  const consumer = new KafkaConsumer({
    kafka,
    group: async () => consumerGroup(service, await readings()),
    topics,
    // Half of the connections are left to requests.
    partitionsAtOnce: Math.min(
      PARTITIONS_AT_ONCE_MAX,
      Math.max(1, Math.floor(databaseConnections / 2)),
    ),
    log: runtime.log,
    metrics: consumerMetrics(runtime.metrics.registry),
    processor: handling(deadLetters),
  });
  runtime.role.whenActive(() => consumer.start());
  runtime.onDrain('event consumer', () => consumer.stop());
  runtime.onRelease('dead letter publisher', () => deadLetters.close());
}

/** The group that the replicas of a service consume events as: another one for each reading from the beginning. */
export function consumerGroup(service: string, reading = 1): string {
  return `${groupPrefix(service)}events${reading === 1 ? '' : `.${reading}`}`;
}
