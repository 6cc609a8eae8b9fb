import { expect, test } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { parseConfiguration } from '../configuration.ts';
import { createLogger } from '../telemetry/logger.ts';
import { Tracing } from '../telemetry/tracing.ts';
import { RecordKeeper } from './follow-records.ts';

const configuration = parseConfiguration(
  JSON.stringify({
    service: 'shelf',
    version: '1',
    instance: 'shelf-a-0',
    zone: 'a',
    environment: 'test',
    namespace: 'meridian',
    spiffeId: 'spiffe://meridian.local/ns/meridian/sa/shelf',
    identityFolder: 'tls',
  }),
  'service.json',
);
const PLACE = { topic: 'shop.events.v1', partition: 0 };
const records = ['0', '1', '2'].map((offset): KafkaMessage => ({
  ...{ key: null, value: null, timestamp: '0', attributes: 0, offset, headers: {} },
}));

test('records that cannot be kept are never skipped, whoever is to blame, and waited for longer each time', async () => {
  const kept: string[][] = [];
  let away = 8;
  const runtime = {
    log: createLogger(configuration, { write: () => undefined }),
    tracing: new Tracing(configuration),
  };
  const keeper = new RecordKeeper(runtime, {
    recordsMax: 2,
    retry: { backoffFirstMs: 100, backoffMaxMs: 1_000 },
    keep: async (given) => {
      await Promise.resolve();
      if (away-- > 0) throw away % 2 === 0 ? new TypeError('a bug') : new Error('nobody is there');
      kept.push(given.map(({ offset }) => offset));
    },
  });
  const pauses: number[] = [];
  for (let progress = await keeper.process(records, PLACE); ;) {
    if (progress.againAfterMs === undefined) {
      expect(progress.outcomes).toEqual(['handled', 'handled', 'handled']);
      break;
    }
    expect(progress.outcomes).toEqual([]);
    pauses.push(progress.againAfterMs);
    progress = await keeper.process(records, PLACE);
  }
  expect(kept).toEqual([['0', '1', '2']]);
  expect(pauses).toHaveLength(8);
  expect(pauses[0]).toBeLessThanOrEqual(100);
  expect(Math.min(...pauses.slice(4))).toBeGreaterThanOrEqual(500);
});
