import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { createClient } from '@redis/client';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { TestAuthority } from '../testing/authority.ts';
import { blameOf } from './blame.ts';
import { MalformedEventError } from './cloud-event.ts';

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (reason: unknown) => reason,
  );

/** As Elasticsearch's client says that there is no server: a class of its own, without code or cause. */
class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** As it passes on what the server answered. */
class ResponseError extends Error {
  override readonly name = 'ResponseError';
  readonly statusCode: number;

  constructor(statusCode: number) {
    super('Response Error');
    this.statusCode = statusCode;
  }
}

test('real clients whose server is away blame the surroundings, each in its own words', async () => {
  const port = await freePort('127.0.0.1');
  const redis = createClient({
    url: `redis://127.0.0.1:${port}`,
    socket: { reconnectStrategy: false },
  });
  redis.on('error', () => undefined);
  const kafka = new kafkajs.Kafka({
    ...{
      brokers: [`127.0.0.1:${port}`],
      retry: { retries: 0 },
      logLevel: kafkajs.logLevel.NOTHING,
    },
  });
  const failures = await Promise.all([
    failureOf(fetch(`http://127.0.0.1:${port}`)),
    failureOf(fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.abort() })),
    failureOf(fetch('http://meridian.invalid')),
    failureOf(once(connect(port, '127.0.0.1'), 'connect')),
    failureOf(once(connect(port, 'localhost'), 'connect')),
    failureOf(redis.connect()),
    failureOf(redis.get('key')),
    failureOf(kafka.admin().connect()),
    failureOf(readFile('/nowhere')),
  ]);
  expect(failures.map(blameOf)).toEqual(failures.map(() => 'surroundings'));
});

test('a certificate that is not trusted blames the surroundings', async () => {
  const authority = await TestAuthority.create();
  const { cert, key } = await authority.issue({ addresses: ['127.0.0.1'] });
  const server = createServer({ cert, key }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const failure = await failureOf(fetch(`https://127.0.0.1:${port}`));
  server.close();
  expect(failure).toMatchObject({ cause: { code: expect.stringContaining('CERT') } });
  expect(blameOf(failure)).toBe('surroundings');
});

test.each([
  ['a status that passes', new RpcError('UNAVAILABLE', 'away')],
  ['a deadline', new RpcError('DEADLINE_EXCEEDED', 'late')],
  ['Elasticsearch being away', new ConnectionError('connect ECONNREFUSED 127.0.0.1:9200')],
  ['Elasticsearch being busy', new ResponseError(429)],
  ['what wraps it', new Error('cannot index', { cause: new ConnectionError('gone') })],
  ['one of several', new AggregateError([new TypeError('x'), new ConnectionError('gone')])],
  ['a full disk', Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' })],
  ['a hang-up', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
  ['an attempt’s own time', new DOMException('The operation timed out', 'TimeoutError')],
  ['Kafka being away', new kafkajs.KafkaJSConnectionError('Connection timeout', { broker: 'b' })],
])('%s blames the surroundings', (_what, error) => {
  expect(blameOf(error)).toBe('surroundings');
});

test.each([
  ['what is not an event', new MalformedEventError('Record: header ce_id must be given')],
  ['an answer about it', new RpcError('INVALID_ARGUMENT', 'the price is negative')],
  ['an answer in a cause', new Error('no', { cause: new RpcError('FAILED_PRECONDITION', 'no') })],
])('%s blames the record', (_what, error) => {
  expect(blameOf(error)).toBe('record');
});

const ring = new Error('a ring');
ring.cause = ring;

test.each([
  ['a bug', new TypeError('Cannot read properties of undefined')],
  ['a bug of ours elsewhere', new RpcError('INTERNAL', 'oops')],
  ['a refused value', Object.assign(new Error('PostgreSQL refused a value'), { code: '22003' })],
  ['an answer of Elasticsearch', new ResponseError(400)],
  ['what kafkajs never tries again', new kafkajs.KafkaJSNonRetriableError('no')],
  ['a ring of causes', ring],
  ['a text', 'thrown'],
  ['nothing', undefined],
])('%s says nothing of whose fault it is', (_what, error) => {
  expect(blameOf(error)).toBe('unknown');
});
