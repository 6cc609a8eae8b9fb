import { create } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { transactionalOf } from '../../../tests/engines/pool-session.ts';
import { startPostgres } from '../../../tests/engines/postgres.ts';
import type { ThrowAwayPostgres } from '../../../tests/engines/postgres.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import type { KeyedCall } from './caller.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';

const { echo, once } = EchoService.method;
let postgres: ThrowAwayPostgres;
let pool: Pool;
let keys: IdempotencyKeys;
let acts = 0;

beforeAll(async () => {
  postgres = await startPostgres();
  pool = await postgres.createDatabase('keys', 'services/kit/idempotency/tables');
  keys = new IdempotencyKeys(transactionalOf(pool));
}, 90_000);

afterAll(() => postgres.stop());

beforeEach(async () => {
  await pool.query('DELETE FROM idempotency_keys');
  acts = 0;
});

function call(...given: string[]): KeyedCall {
  const metadata = new Metadata();
  for (const key of given) metadata.add('idempotency-key', key);
  return { metadata, peer: 'spiffe://meridian.local/gateway', context: { subject: 'ada' } };
}

/** Answers with the number of the act. */
async function act(
  text: string,
  given: KeyedCall,
  work: () => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const request = create(echo.input, { text });
  const answer = await keys.run(echo, request, given, async () => {
    acts += 1;
    const number = acts;
    await work();
    return { text: `act ${number}` };
  });
  return answer.text;
}

async function stored(): Promise<number> {
  const { rows } = await pool.query('SELECT 1 FROM idempotency_keys');
  return rows.length;
}

describe('an idempotency key', () => {
  test('gives the first answer to the same request, and to no other', async () => {
    expect(await act('pay', call('k'))).toBe('act 1');
    expect(await act('pay', call('k'))).toBe('act 1');
    await expect(act('pay twice', call('k'))).rejects.toMatchObject({
      status: 'FAILED_PRECONDITION',
    });
    expect(acts).toBe(1);
  });

  test('is honoured only where the contract says so, for callers go by that', async () => {
    const request = create(once.input, { text: 'pay' });
    await expect(keys.run(once, request, call('k'), () => Promise.resolve({}))).rejects.toThrow(
      /EchoService\/Once': must be declared with honours_idempotency_key/,
    );
  });

  test('that is absent remembers nothing', async () => {
    await act('pay', call());
    expect(await act('pay', call())).toBe('act 2');
    expect(await stored()).toBe(0);
  });

  test('belongs to its subject', async () => {
    await act('pay', call('k'));
    expect(await act('pay', { ...call('k'), context: { subject: 'bob' } })).toBe('act 2');
    expect(await act('pay', { ...call('k'), context: undefined })).toBe('act 3');
  });

  test('of many submits at once lets one act, and the others wait for its answer', async () => {
    const waiting = Promise.withResolvers<undefined>();
    const first = act('pay', call('k'), () => waiting.promise.then(() => undefined));
    await eventually(() => expect(acts).toBe(1));
    const others = Array.from({ length: 5 }, () => act('pay', call('k')));
    const other = act('something else', call('k'));
    other.catch(() => undefined);
    await eventually(async () => {
      const { rows } = await pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = 'keys' AND wait_event_type = 'Lock'",
      );
      expect(rows).toHaveLength(6);
    });
    waiting.resolve(undefined);
    expect(await Promise.all([first, ...others])).toEqual(Array(6).fill('act 1'));
    await expect(other).rejects.toMatchObject({ status: 'FAILED_PRECONDITION' });
    expect(acts).toBe(1);
  });

  test('of an attempt that failed can be used again, also for another request', async () => {
    const fail = () => Promise.reject(new Error('no stock'));
    await expect(act('pay', call('k'), fail)).rejects.toThrow('no stock');
    expect(await stored()).toBe(0);
    expect(await act('pay less', call('k'))).toBe('act 2');
  });

  test('lets the next submit act if the first one fails while that one waits', async () => {
    const failing = Promise.withResolvers<undefined>();
    const first = act('pay', call('k'), () => failing.promise.then(() => undefined));
    first.catch(() => undefined);
    await eventually(() => expect(acts).toBe(1));
    const second = act('pay', call('k'));
    failing.reject(new Error('no stock'));
    await expect(first).rejects.toThrow('no stock');
    expect(await second).toBe('act 2');
  });

  test('is forgotten after a day', async () => {
    await act('pay', call('k'));
    await act('pay', call('young'));
    const age = "UPDATE idempotency_keys SET created_at = now() - interval '24 hours 1 second'";
    await pool.query(`${age} WHERE key = 'k'`);
    expect(await act('pay more', call('k'))).toBe('act 3');
    expect(await act('pay more', call('k'))).toBe('act 3');
    await pool.query(`${age} WHERE key = 'k'`);
    await keys.sweep();
    expect(await stored()).toBe(1);
  });

  test.each([[['']], [['a b']], [['x'.repeat(256)]], [['a', 'b']]])(
    'must be one printable value (%#)',
    async (given) => {
      await expect(act('pay', call(...given))).rejects.toMatchObject({
        status: 'INVALID_ARGUMENT',
      });
      expect(acts).toBe(0);
    },
  );
});
