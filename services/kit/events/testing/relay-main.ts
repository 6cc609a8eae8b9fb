import { openKafka } from '../../kafka/client.ts';
import { KafkaPublisher } from '../../kafka/kafka-publisher.ts';
import { openDatabase } from '../../postgres/database.ts';
import { runProcess } from '../../process.ts';
import { eventMetrics } from '../event-metrics.ts';
import { Relay } from '../relay.ts';

/** A process that does nothing but relay, and is soon missed, for tests that stop or kill it. */
await runProcess((runtime) => {
  const publisher = new KafkaPublisher(openKafka(runtime));
  const relay = new Relay({
    database: openDatabase(runtime, 'shop-postgres'),
    publisher,
    log: runtime.log,
    metrics: eventMetrics(runtime.metrics.registry),
    source: runtime.configuration.spiffeId,
    settings: { pollMs: 200, takeoverMs: 200, heartbeatMs: 500, lockTimeoutMs: 2_000 },
  });
  relay.start();
  runtime.onRelease('outbox publisher', () => publisher.close());
  runtime.onRelease('outbox relay', () => relay.stop());
  return Promise.resolve();
});
