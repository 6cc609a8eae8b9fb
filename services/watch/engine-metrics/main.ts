import { ENGINE_METRICS, ENGINE_POLL_VARIABLE } from '@meridian/language/engine-metrics.ts';
import { runProcess } from '@meridian/kit/process.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import { certificateEndpoint, certificatePolls } from './certificates.ts';
import { elasticsearchPoll } from './elasticsearch.ts';
import { pollEngine } from './engine-poll.ts';
import { kafkaGroupsPoll } from './kafka-groups.ts';
import { kafkaPoll } from './kafka.ts';
import { postgresPoll } from './postgres.ts';
import { redisPoll } from './redis.ts';

const INTERVAL_MS = Number(process.env[ENGINE_POLL_VARIABLE] ?? 15_000);
const TIMEOUT_MS = 10_000;

/** How an engine is asked, by the name of the binding to it; each question by itself. */
const POLLS = {
  postgres: [postgresPoll],
  redis: [redisPoll],
  kafka: [kafkaPoll, kafkaGroupsPoll],
  elasticsearch: [elasticsearchPoll],
} as const;

// Asks every engine that it has a binding to, and looks at the certificate of each endpoint among its arguments, each by
// itself: one that hangs keeps nobody from another.
await runProcess((runtime) => {
  const up = gauge(runtime.metrics.registry, {
    name: ENGINE_METRICS.engineUp.name,
    help: '1 for a process of an engine that answers, 0 for one that does not',
  });
  const stopped = new AbortController();
  const options = {
    ...{ up, log: runtime.log, signal: stopped.signal },
    ...{ intervalMs: INTERVAL_MS, timeoutMs: TIMEOUT_MS },
  };
  const engines = Object.entries(POLLS)
    .filter(([name]) => runtime.bindings.has(name))
    .flatMap(([name, polls]) => polls.map((poll) => poll(runtime, name)));
  const endpoints = process.argv.slice(2).map(certificateEndpoint);
  const polling = [...engines, ...certificatePolls(runtime, endpoints)].map((poll) =>
    pollEngine(poll, options),
  );
  runtime.onDrain('engines', async () => {
    stopped.abort();
    await Promise.all(polling);
  });
  runtime.readiness.serving();
  return Promise.resolve();
});
