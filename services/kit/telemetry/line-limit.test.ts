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
  return { clock, log, messages, metrics: () => registry.metrics() };
}

test('a flood is thinned out, and what is not written is counted by its level', async () => {
  const { log, messages, metrics } = world();
  for (let count = 1; count <= 9; count += 1) log.info(`line ${count}`);
  expect(messages()).toEqual(['line 1', 'line 2', 'line 5', 'line 8']);
  expect(await metrics()).toContain('log_lines_dropped_total{level="info"} 5');
  expect(await metrics()).toContain('log_lines_dropped_total{level="error"} 0');
});

test('a flood of one level leaves room for others, and ends with its second', () => {
  const { clock, log, messages } = world();
  for (let count = 1; count <= 4; count += 1) log.info(`line ${count}`);
  log.error('something else');
  clock.ms = 1_000;
  log.info('later');
  expect(messages()).toEqual(['line 1', 'line 2', 'something else', 'later']);
});
