import { expect, test } from '@jest/globals';
import type { Logger } from './logger.ts';

test('a field that the registry does not know does not compile', () => {
  const written: unknown[] = [];
  const log: Pick<Logger, 'info'> = { info: (...line: unknown[]) => void written.push(line) };
  log.info({ topic: 'orders.events.v1', partition: 0 }, 'known');
  // @ts-expect-error no line has such a field
  log.info({ sku: 'A-1' }, 'unknown');
  const given = { topic: 'orders.events.v1', sku: 'A-1' };
  // @ts-expect-error nor may a variable have one
  log.info(given, 'unknown');
  expect(written).toHaveLength(3);
});
