import { beforeEach, expect, test } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { shopEvents } from './testing/shop-events.ts';
import { currentScope } from '../call-scope.ts';
import { parseConfiguration } from '../configuration.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { createLogger } from '../telemetry/logger.ts';
import { Tracing } from '../telemetry/tracing.ts';
import { cloudEventHeaders } from './cloud-event.ts';
import { onAny } from './event-handler.ts';
import { STATES_SUPERSEDE } from './event-memory.ts';
import type { ReceivedEvent } from './event-handler.ts';
import { RecordProcessor } from './record-processor.ts';
import { RecordLog } from './testing/record-log.ts';

const configuration = parseConfiguration(
  JSON.stringify({
    service: 'shop',
    version: '1',
    instance: 'shop-a-0',
    zone: 'a',
    environment: 'test',
    namespace: 'meridian',
    spiffeId: 'spiffe://meridian.local/ns/meridian/sa/shop',
    identityFolder: 'tls',
  }),
  'service.json',
);
const log = createLogger(configuration, { write: () => undefined });
const TOPIC = shopEvents.name;

let dead: RecordLog;
let processor: RecordProcessor;
/** What a handler does about the record with that key. */
let handle: (key: string) => void;
let offset = 0;

function handler({ subject }: ReceivedEvent): Promise<void> {
  handle(subject);
  return Promise.resolve();
}

beforeEach(() => {
  dead = new RecordLog();
  handle = () => undefined;
  processor = new RecordProcessor({
    consumer: 'shop',
    // Its rows are tested where there is a database; here every event is new.
    inbox: STATES_SUPERSEDE,
    handlers: new Map([[TOPIC, [onAny(handler)]]]),
    deadLetters: dead,
    log,
    tracing: new Tracing(configuration),
    retry: { attemptsMax: 5, backoffFirstMs: 1, backoffMaxMs: 4, attemptTimeoutMs: 1_000 },
  });
});

/** A record of an aggregate, behind all others. */
function record(key: string, type = 't'): KafkaMessage {
  offset += 1;
  const time = new Date();
  const headers = cloudEventHeaders({
    id: `${offset}`,
    source: 's',
    type,
    subject: key,
    time,
    causationId: undefined,
    correlationId: key,
  });
  const common = { timestamp: '0', attributes: 0, value: Buffer.alloc(0), headers };
  return { ...common, key: Buffer.from(key), offset: String(offset) };
}

/** What becomes of a record, and after how many attempts; undefined if it still waits after so many. */
async function outcome(
  message: KafkaMessage,
  { partition = 0, attemptsMax = 40 } = {},
): Promise<readonly [string | undefined, number]> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const step = await processor.process(message, { topic: TOPIC, partition });
    if (step.kind === 'done') return [step.outcome, attempt];
  }
  return [undefined, attemptsMax];
}

const bug = (): never => {
  throw new TypeError('a bug');
};

test('a record that no handler can take is set aside after five attempts, and the next is handled', async () => {
  handle = (key) => key === 'poison' && bug();
  expect(await outcome(record('poison'))).toEqual(['dead', 5]);
  expect(await outcome(record('good'))).toEqual(['handled', 1]);
});

test('what a handler changes is caused by the event, and belongs to what the event belongs to', async () => {
  const event = record('a');
  const causes: unknown[] = [];
  handle = () => causes.push(currentScope()?.cause);
  await outcome(event);
  expect(causes).toEqual([
    expect.objectContaining({ id: event.headers?.['ce_id'], correlationId: 'a' }),
  ]);
});

test('a record waits for what a handler needs, however long, and is not a dead letter then', async () => {
  handle = () => {
    throw new Error('cannot index', {
      cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
    });
  };
  const waiting = record('a');
  expect(await outcome(waiting)).toEqual([undefined, 40]);
  // A failure of its own begins to count only now.
  handle = bug;
  expect(await outcome(waiting)).toEqual(['dead', 5]);
});

test('any number of records of one aggregate is set aside', async () => {
  handle = bug;
  for (let count = 0; count < 10; count += 1) {
    expect(await outcome(record('one'))).toEqual(['dead', 5]);
  }
  expect(await outcome(record('two'))).toEqual(['dead', 5]);
});

test('where one aggregate after the other fails, the third waits until anything is handled', async () => {
  handle = bug;
  expect(await outcome(record('one'))).toEqual(['dead', 5]);
  expect(await outcome(record('two'))).toEqual(['dead', 5]);
  const third = record('three');
  expect(await outcome(third)).toEqual([undefined, 40]);
  handle = (key) => key === 'three' && bug();
  expect(await outcome(record('other'), { partition: 1 })).toEqual(['handled', 1]);
  expect(await outcome(third)).toEqual(['dead', 1]);
});

test('they wait although the handler of another type works', async () => {
  handle = (key) => key !== 'other' && bug();
  for (const key of ['one', 'two']) {
    expect(await outcome(record(key))).toEqual(['dead', 5]);
    expect(await outcome(record('other', 'another'))).toEqual(['handled', 1]);
  }
  expect(await outcome(record('three'))).toEqual([undefined, 40]);
});

test('records that are refused are set aside, as many as there are', async () => {
  handle = () => {
    throw new RpcError('INVALID_ARGUMENT', 'the price is negative');
  };
  for (const key of ['one', 'two', 'three', 'four']) {
    expect(await outcome(record(key))).toEqual(['dead', 5]);
  }
});

test('a dead letter that cannot be sent leaves its record where it is', async () => {
  handle = bug;
  let refusals = 3;
  dead.before = () => {
    if (refusals-- > 0) throw new Error('no leader');
  };
  expect(await outcome(record('poison'))).toEqual(['dead', 8]);
  expect(dead.records).toHaveLength(1);
});
