import type { Topic } from '@meridian/language/topic.ts';
import { openKafka } from '../kafka/client.ts';
import { KafkaPublisher } from '../kafka/kafka-publisher.ts';
import type { Database } from '../postgres/database.ts';
import type { Runtime } from '../runtime.ts';
import { eventMetrics } from './event-metrics.ts';
import { Outbox } from './outbox.ts';
import { Relay } from './relay.ts';

/**
 * Opens the outbox of a database that has its table, and starts a relay of this process beside it
 * once its release is active. Kafka need not be there; the binding must. Throws a CodedError without one. Once for each
 * process.
 */
export function openOutbox<Published extends Topic>(
  runtime: Runtime,
  database: Database,
): Outbox<Published> {
  const publisher = new KafkaPublisher(openKafka(runtime));
  const relay = new Relay({
    database,
    publisher,
    log: runtime.log,
    metrics: eventMetrics(runtime.metrics.registry),
    source: runtime.configuration.spiffeId,
  });
  // The relay of the active release publishes the events of one that is not promoted yet.
  runtime.role.whenActive(() => relay.start());
  // The newest is released first: no send is cut off by the end of the producer.
  runtime.onRelease('outbox publisher', () => publisher.close());
  runtime.onRelease('outbox relay', () => relay.stop());
  return new Outbox<Published>(() => relay.wake());
}
