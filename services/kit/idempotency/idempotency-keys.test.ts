import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { Health } from '../health/gen/grpc/health/v1/health_pb.js';
import { DatabaseWorld } from '../postgres/testing/database-world.ts';
import { eventually } from '../testing/eventually.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { SafeService } from '../testing/gen/meridian/kittest/v1/safe_pb.js';
import { honourKeys } from '../testing/honour-keys.ts';
import type { KeyedCall } from './caller.ts';
import { IdempotencyKeys, Refusal } from './idempotency-keys.ts';
import type { SecretOf } from './idempotency-keys.ts';
import { requestDigest } from './request-digest.ts';

const { once } = EchoService.method;
const { unlock } = SafeService.method;
honourKeys(once);
honourKeys(unlock);
let world: DatabaseWorld;
let pool: Pool;
let keys: IdempotencyKeys;
let safe: IdempotencyKeys;
let acts = 0;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('keys', 'services/kit/idempotency/tables');
  const { database } = await world.open('keys');
  keys = new IdempotencyKeys(database, EchoService);
  safe = new IdempotencyKeys(database, SafeService);
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  await pool.query('DELETE FROM idempotency_keys');
  acts = 0;
});

function call(...given: string[]): KeyedCall {
  const metadata = new Metadata();
  for (const key of given) metadata.add('idempotency-key', key);
  return { metadata, peer: 'spiffe://meridian.local/gateway', context: { subject: 'ada' } };
}

/** The same of somebody who is not signed in. */
function strangersCall(...given: string[]): KeyedCall {
  return { ...call(...given), context: { subject: undefined } };
}

/** Answers with the number of the act. */
async function act(
  text: string,
  given: KeyedCall,
  work: () => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const request = create(once.input, { text });
  const answer = await keys.run(once, request, given, async () => {
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

  test('is honoured only where the contract says so, as callers go by that', async () => {
    const { check } = Health.method;
    await expect(
      keys.run(check, create(check.input), call('k'), () => Promise.resolve({})),
    ).rejects.toThrow(/Health\/Check': must be declared with honours_idempotency_key/);
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
    expect(await act('pay', call('k'))).toBe('act 1');
  });

  test('is refused where nothing tells its caller from another', async () => {
    await expect(act('pay', strangersCall('k'))).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    expect(acts).toBe(0);
    expect(await act('pay', strangersCall())).toBe('act 1');
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
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
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

  test('of a write that is refused with a change of its own is free again, and the change stays', async () => {
    const refuse = keys.run(once, create(once.input), call('k'), async (transaction) => {
      await transaction.query({
        name: 'change',
        text: "INSERT INTO idempotency_keys VALUES ('other', 'm', 'k', sha256(''))",
      });
      return new Refusal(new RpcError('UNAUTHENTICATED', 'no'));
    });
    await expect(refuse).rejects.toMatchObject({ status: 'UNAUTHENTICATED' });
    const { rows } = await pool.query('SELECT subject FROM idempotency_keys');
    expect(rows).toEqual([{ subject: 'other' }]);
    expect(await act('pay', call('k'))).toBe('act 1');
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

describe('an idempotency key of a request with a secret', () => {
  const secretOf =
    (password: string): SecretOf =>
    () =>
      Buffer.from(password.padEnd(32));

  /** Answers with a token that has the number of the act. */
  async function open(
    request: MessageInitShape<typeof unlock.input>,
    given: KeyedCall = strangersCall('k'),
  ): Promise<string> {
    const secret = secretOf(request.password ?? '');
    const work = () => Promise.resolve({ tokens: { token: `token ${(acts += 1)}` } });
    const answer = await safe.run(unlock, create(unlock.input, request), given, work, secret);
    return answer.tokens?.token ?? '';
  }

  test('belongs to whoever sends the secret, signed in or not, and to nobody else', async () => {
    expect(await open({ password: 'ours' })).toBe('token 1');
    expect(await open({ password: 'ours' }, call('k'))).toBe('token 1');
    expect(await open({ password: 'theirs' })).toBe('token 2');
    expect(await open({ password: 'ours' })).toBe('token 1');
    await expect(open({ password: 'ours', text: 'other' })).rejects.toMatchObject({
      status: 'FAILED_PRECONDITION',
    });
    expect(acts).toBe(2);
  });

  test('leaves nothing in the database that is the secret, the answer or a plain digest of them', async () => {
    await open({ password: 'ours' });
    const { rows } = await pool.query<Record<string, unknown>>(
      `SELECT row_to_json(kept)::text AS row, encode(request_digest, 'hex') AS digest,
              encode(response, 'escape') AS response FROM idempotency_keys AS kept`,
    );
    expect(rows).toHaveLength(1);
    const request = create(unlock.input, { password: 'ours' });
    expect(rows[0]?.['digest']).not.toBe(requestDigest(unlock.input, request).toString('hex'));
    expect(JSON.stringify(rows)).not.toMatch(/ours|token 1/);
  });

  test('is forgotten after minutes, also where nobody asks for it', async () => {
    await open({ password: 'ours' });
    await act('pay', call('k'));
    await pool.query(
      "UPDATE idempotency_keys SET created_at = now() - interval '5 minutes 1 second'",
    );
    expect(await open({ password: 'ours' })).toBe('token 3');
    await pool.query(
      "UPDATE idempotency_keys SET created_at = now() - interval '5 minutes 1 second'",
    );
    await keys.sweep();
    expect(await stored()).toBe(2);
    await safe.sweep();
    expect(await stored()).toBe(1);
    expect(await act('pay', call('k'))).toBe('act 2');
  });

  test('is an answer that fits its place and nothing else', async () => {
    await open({ password: 'ours' });
    await open({ password: 'ours' }, strangersCall('other'));
    await pool.query(`UPDATE idempotency_keys AS kept SET response = other.response
                      FROM idempotency_keys AS other WHERE kept.key = 'k' AND other.key = 'other'`);
    await expect(open({ password: 'ours' })).rejects.toThrow(/authenticate/);
  });

  test('must be given a secret, of 32 bytes or more, and no other request may have one', async () => {
    const work = () => Promise.resolve({});
    const locked = create(unlock.input);
    await expect(safe.run(unlock, locked, call(), work)).rejects.toThrow(/debug_redact/);
    const short: SecretOf = () => Buffer.from('hunter2');
    await expect(safe.run(unlock, locked, call('k'), work, short)).rejects.toThrow(/32 bytes/);
    const plain = create(once.input);
    await expect(keys.run(once, plain, call(), work, secretOf('x'))).rejects.toThrow(
      /debug_redact/,
    );
  });
});
