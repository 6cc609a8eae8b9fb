import { Registry } from 'prom-client';
import { expect, test } from '@jest/globals';
import { droppedLines } from './dropped-lines.ts';
import { LineLimit } from './line-limit.ts';
import { createLogger } from './logger.ts';
import type { MetricsRegistry } from './registered.ts';

const fields = { service: 'shop', version: '1', instance: 'shop-a-0', zone: 'a' } as const;

/** A logger of at most two lines a second, and of one in three of the others. */
function world() {
  const lines: string[] = [];
  const registry: MetricsRegistry = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const clock = { ms: 0 };
  const limit = new LineLimit({
    ...{ perSecond: 2, thenOneIn: 3, now: () => clock.ms, dropped: droppedLines(registry) },
  });
  const stream = { write: (line: string) => lines.push(line) };
  const log = createLogger({ ...fields, logLevel: 'info' }, stream, limit);
  const messages = () => lines.map((line) => (JSON.parse(line) as { message: string }).message);
  const ports = () => lines.map((line) => (JSON.parse(line) as { port: number }).port);
  return { clock, log, messages, ports, metrics: () => registry.metrics() };
}

test('a flood is thinned out, and what is not written is counted by its level', async () => {
  const { log, ports, metrics } = world();
  for (let port = 1; port <= 9; port += 1) log.info({ port }, 'a call');
  expect(ports()).toEqual([1, 2, 5, 8]);
  expect(await metrics()).toContain('log_lines_dropped_total{level="info"} 5');
  expect(await metrics()).toContain('log_lines_dropped_total{level="error"} 0');
});

test('a flood leaves room for other levels and other messages, and ends with its second', () => {
  const { clock, log, messages } = world();
  for (let count = 1; count <= 4; count += 1) log.info('a call');
  log.error('a call');
  log.info('certificate renewed');
  clock.ms = 1_000;
  log.info('a call');
  const written = ['a call', 'a call', 'a call', 'certificate renewed', 'a call'];
  expect(messages()).toEqual(written);
});

test('messages that differ each time are a flood as well', () => {
  const { log, messages } = world();
  for (let count = 1; count <= 3_000; count += 1) log.info(`line ${count}`);
  expect(messages().length).toBeLessThan(1_400);
});
