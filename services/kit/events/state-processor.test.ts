import { beforeEach, expect, test } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import type { KafkaMessage } from 'kafkajs';
import { parseConfiguration } from '../configuration.ts';
import { createLogger } from '../telemetry/logger.ts';
import { Tracing } from '../telemetry/tracing.ts';
import { EchoRequestSchema } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { cloudEventHeaders } from './cloud-event.ts';
import { reading } from './event-reader.ts';
import type { Outcome } from './record-processor.ts';
import { StateProcessor } from './state-processor.ts';
import { RecordLog } from './testing/record-log.ts';
import { shopEvents } from './testing/shop-events.ts';

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
const TOPIC = shopEvents.name;

let dead: RecordLog;
let processor: StateProcessor<string>;
/** The batches that were applied. */
let applied: string[][];
let apply: (texts: readonly string[]) => void;

beforeEach(() => {
  dead = new RecordLog();
  applied = [];
  apply = () => undefined;
  processor = new StateProcessor<string>({
    consumer: 'shelf',
    readers: new Map([[TOPIC, [reading(EchoRequestSchema, ({ text }) => text)]]]),
    apply: async (texts) => {
      await Promise.resolve();
      apply(texts);
      applied.push([...texts]);
    },
    recordsMax: 3,
    deadLetters: dead,
    log: createLogger(configuration, { write: () => undefined }),
    tracing: new Tracing(configuration),
    retry: { attemptsMax: 3, backoffFirstMs: 1, backoffMaxMs: 4, attemptTimeoutMs: 1_000 },
  });
});

function records(...texts: readonly string[]): KafkaMessage[] {
  return texts.map((text, index) => ({
    timestamp: '0',
    attributes: 0,
    key: Buffer.from(text),
    value:
      text === 'garbled'
        ? Buffer.from([0xff, 0xff])
        : Buffer.from(toBinary(EchoRequestSchema, create(EchoRequestSchema, { text }))),
    offset: String(index),
    headers: cloudEventHeaders({
      id: text,
      source: 's',
      type: text === 'foreign' ? 'another' : EchoRequestSchema.typeName,
      subject: text,
      time: new Date(),
      causationId: 'c',
      correlationId: 'c',
    }),
  }));
}

/** Goes through records as a consumer does; stops after so many pauses. */
async function run(
  all: readonly KafkaMessage[],
  pausesMax = 20,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly pauses: number }> {
  const outcomes: Outcome[] = [];
  for (let pauses = 0; ;) {
    const given = all.slice(outcomes.length, outcomes.length + processor.recordsMax);
    if (given.length === 0 || pauses > pausesMax) return { outcomes, pauses };
    const progress = await processor.process(given, { topic: TOPIC, partition: 0 });
    outcomes.push(...progress.outcomes);
    if (progress.againAfterMs !== undefined) pauses += 1;
  }
}

test('records are applied together, and those of a type that nobody reads are left out', async () => {
  const { outcomes } = await run(records('a', 'foreign', 'b', 'c', 'd'));
  expect(outcomes).toEqual(['handled', 'ignored', 'handled', 'handled', 'handled']);
  expect(applied).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('one that cannot be applied is found among others and set aside alone', async () => {
  apply = (texts) => {
    if (texts.includes('poison')) throw new TypeError('a bug');
  };
  const { outcomes } = await run(records('a', 'b', 'poison', 'c', 'd', 'e'));
  expect(outcomes).toEqual(['handled', 'handled', 'dead', 'handled', 'handled', 'handled']);
  expect(applied).toEqual([['a'], ['b'], ['c'], ['d', 'e']]);
  expect(dead.records).toHaveLength(1);
});

test('one that cannot be read is set aside at once', async () => {
  const { outcomes } = await run(records('a', 'b', 'garbled', 'c'));
  expect(outcomes).toEqual(['handled', 'handled', 'dead', 'handled']);
});

test('all wait for what is away, and go on together once it is back', async () => {
  let away = 4;
  apply = () => {
    if (away-- > 0) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  };
  const { outcomes, pauses } = await run(records('a', 'b', 'c', 'd', 'e', 'f'));
  expect(outcomes).toEqual(Array(6).fill('handled'));
  // The first attempt was the batch's.
  expect(pauses).toBe(3);
  expect(applied).toEqual([['a'], ['b', 'c', 'd'], ['e', 'f']]);
  expect(dead.records).toEqual([]);
});
