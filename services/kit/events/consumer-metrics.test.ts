import { beforeEach, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { METRICS } from '../telemetry/names.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';

const TOPIC = 'shop.events.v1';

let registry: MetricsRegistry;
let metrics: ConsumerMetrics;

beforeEach(() => {
  registry = new Registry();
  metrics = consumerMetrics(registry);
  metrics.reassigned({ [TOPIC]: [0, 1] });
});

/** What the gauge says of the topic; undefined if nothing. */
async function ageSeconds(): Promise<number | undefined> {
  const [metric] = (await registry.getMetricsAsJSON()).filter(
    ({ name }) => name === METRICS.consumerLagAge,
  );
  return metric?.values.find(({ labels }) => labels['topic'] === TOPIC)?.value;
}

test('the lag is the age of the oldest event of any partition that is not handled', async () => {
  metrics.oldest(TOPIC, 0, Date.now() - 90_000);
  metrics.oldest(TOPIC, 1, Date.now() - 30_000);
  expect(Math.round((await ageSeconds()) ?? 0)).toBe(90);
  metrics.oldest(TOPIC, 0, undefined);
  expect(Math.round((await ageSeconds()) ?? 0)).toBe(30);
});

test('it is 0 of a topic without news, if brokers say so of each partition', async () => {
  metrics.fetched(TOPIC, 0, 0, undefined);
  expect(await ageSeconds()).toBeUndefined();
  metrics.fetched(TOPIC, 1, 0, undefined);
  expect(await ageSeconds()).toBe(0);
});

test('what was fetched counts before it is handled, and what did not fit into the answer is unknown', async () => {
  metrics.fetched(TOPIC, 0, 0, undefined);
  metrics.fetched(TOPIC, 1, 7, undefined);
  expect(await ageSeconds()).toBeUndefined();
  metrics.fetched(TOPIC, 1, 7, Date.now() - 30_000);
  expect(Math.round((await ageSeconds()) ?? 0)).toBe(30);
});

test('it is absent, and not 0, while no broker answers, and of what is waiting it goes on', async () => {
  expect(await ageSeconds()).toBeUndefined();
  metrics.oldest(TOPIC, 1, Date.now() - 30_000);
  expect(Math.round((await ageSeconds()) ?? 0)).toBe(30);
});

test('partitions that went to another replica count no more', async () => {
  metrics.fetched(TOPIC, 0, 1, Date.now() - 90_000);
  metrics.reassigned({});
  expect(await ageSeconds()).toBeUndefined();
});
