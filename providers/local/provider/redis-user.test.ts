import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { withRedisAdmin } from '../redis/admin-connection.ts';
import { passwordFingerprint } from '../machine/passwords.ts';
import { startTestRedis } from '../testing/redis-server.ts';
import type { TestRedis } from '../testing/redis-server.ts';
import { bindHandler } from './bound-handler.ts';
import { redisUserHandler } from './redis-user.ts';
import type { Context, Properties } from './resource-handler.ts';
import { Rollouts } from './rollouts.ts';

const handler = bindHandler(redisUserHandler);
const RULES = ['~shop:*', '-@all', '+get', '+set', '+hello', '+auth', '+ping'];

jest.setTimeout(60_000);

let redis: TestRedis;
let context: Context;
const warnings: string[] = [];

beforeAll(async () => {
  redis = await startTestRedis();
  context = {
    folders: redis.folders,
    signal: new AbortController().signal,
    status: () => undefined,
    warn: (message) => warnings.push(message),
    rollouts: new Rollouts(),
  };
});

afterAll(() => redis.stop());

const wanted = (changes: Properties = {}): Properties => ({
  server: redis.server,
  name: 'shop',
  rules: RULES,
  generation: 1,
  state: 'intact',
  ...changes,
});

const passwordFile = () => join(redis.folders.state, 'credentials/redis-shop');
const password = () => readFileSync(passwordFile(), 'utf8').trim();
const admin = (...command: string[]) =>
  withRedisAdmin({ folders: redis.folders, server: redis.server, patienceMs: 10_000 }, (send) =>
    send(...command),
  );

/** Logs in, does one thing, and leaves. */
async function logIn(secret: string, key = 'shop:1'): Promise<string | null> {
  const client = createClient({
    username: 'shop',
    password: secret,
    disableClientInfo: true,
    socket: {
      path: join(redis.folders.runtime, `redis-${redis.server.port}.sock`),
      tls: false,
      reconnectStrategy: false,
    },
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.get(key);
  } finally {
    client.destroy();
  }
}

describe('a user of Redis', () => {
  let outputs: Properties;

  test('gets a password that only its file holds, and its own keys', async () => {
    ({ outputs } = await handler.create(wanted(), context));
    expect(statSync(passwordFile()).mode & 0o777).toBe(0o600);
    expect(password()).toMatch(/^[0-9a-f]{64}$/);
    expect(outputs['passwordFingerprint']).toBe(passwordFingerprint(password()));
    expect(JSON.stringify(outputs)).not.toContain(password());
    expect(await logIn(password())).toBeNull();
    await expect(logIn(password(), 'other:1')).rejects.toThrow('NOPERM');
    await expect(logIn('0'.repeat(64))).rejects.toThrow('WRONGPASS');
  });

  test('is as it was after the server was killed', async () => {
    await redis.restart();
    expect((await handler.read('id', outputs, context)).props).toEqual(outputs);
    expect(await logIn(password())).toBeNull();
  });

  test.each([
    ['rights', ['SETUSER', 'shop', '+flushall']],
    ['keys', ['SETUSER', 'shop', '~*']],
    ['a password more', ['SETUSER', 'shop', '>another']],
    ['no password', ['SETUSER', 'shop', 'nopass']],
    ['off', ['SETUSER', 'shop', 'off']],
  ])('that was altered (%s) is drift, and fixed by an update', async (_what, command) => {
    await admin('ACL', ...command);
    const found = await handler.read('id', outputs, context);
    expect(found.inputs).toMatchObject({ state: 'altered' });
    const props = found.props as Properties;
    expect(handler.diff(props, wanted())).toMatchObject({ changes: true, replaces: [] });
    const before = password();
    expect(await handler.update(props, wanted(), context)).toEqual(outputs);
    expect(password()).toBe(before);
    expect((await handler.read('id', outputs, context)).props).toEqual(outputs);
  });

  test('that is gone is gone, and made again with the password that its clients have', async () => {
    const before = password();
    await redis.kill({ data: 'lost' });
    await redis.restart();
    expect((await handler.read('id', outputs, context)).id).toBe('');
    await handler.create(wanted(), context);
    expect(password()).toBe(before);
  });

  test('whose password file is gone gets a new password', async () => {
    const before = password();
    rmSync(passwordFile());
    expect((await handler.read('id', outputs, context)).inputs).toMatchObject({ state: 'altered' });
    outputs = await handler.update(outputs, wanted(), context);
    expect(password()).not.toBe(before);
    expect(await logIn(password())).toBeNull();
  });

  test('whose password file is torn gets a new password, also where the server is away', async () => {
    const before = password();
    truncateSync(passwordFile(), 32);
    expect((await handler.read('id', outputs, context)).inputs).toMatchObject({ state: 'altered' });
    await redis.kill();
    expect((await handler.read('id', outputs, context)).inputs).toMatchObject({ state: 'altered' });
    await redis.restart();
    outputs = await handler.update(outputs, wanted(), context);
    expect(password()).toMatch(/^[0-9a-f]{64}$/);
    expect(password()).not.toBe(before);
    expect(await logIn(password())).toBeNull();
  });

  test.each(['users.acl', 'admin-password'])(
    'is made again by the same start when the server will begin without it for a torn %s',
    async (name) => {
      const file = join(redis.folders.data, 'a/redis', name);
      const whole = readFileSync(file);
      await redis.kill();
      truncateSync(file, Math.floor(whole.length / 2));
      const found = await handler.read('id', outputs, context);
      expect(found.inputs).toMatchObject({ state: 'altered' });
      writeFileSync(file, whole);
      await redis.restart();
      expect(await handler.update(found.props as Properties, wanted(), context)).toEqual(outputs);
    },
  );

  test('of a new generation gets a new password while the old one is still taken', async () => {
    const before = password();
    const updated = handler.update(outputs, wanted({ generation: 2 }), context);
    const seen = new Set<string>();
    // Whoever reads the file and connects at once is let in, all through the rotation.
    for (let done = false; !done;) {
      const secret = password();
      seen.add(secret);
      expect(await logIn(secret)).toBeNull();
      if (secret !== before) {
        expect(await logIn(before)).toBeNull();
        done = true;
      }
    }
    outputs = await updated;
    expect(seen.size).toBe(2);
    await expect(logIn(before)).rejects.toThrow('WRONGPASS');
    expect(await logIn(password())).toBeNull();
    expect((await handler.read('id', outputs, context)).props).toEqual(outputs);
  });

  test('of a server that is away is taken as last known', async () => {
    await redis.kill();
    expect((await handler.read('id', outputs, context)).props).toEqual(outputs);
    expect(warnings.at(-1)).toContain("User 'shop' of Redis 'redis' in zone a");
    await redis.restart();
  });

  test('leaves neither rights nor a password', async () => {
    await handler.delete(outputs, context);
    expect(await admin('ACL', 'GETUSER', 'shop')).toBeNull();
    expect(existsSync(passwordFile())).toBe(false);
    await handler.delete(outputs, context);
  });

  test.each([
    [{ name: 'admin' }, "name: must not be 'admin' or 'default'"],
    [{ name: 'Shop' }, 'name: must be 1 to 40 lower-case letters'],
    [{ rules: ['>password'] }, 'must be a rule about keys, channels or commands'],
    [{ rules: ['nopass'] }, 'must be a rule about keys, channels or commands'],
    [{ rules: [] }, 'must allow something'],
    [{ generation: 0 }, 'must be 1 or more'],
  ])('is refused with %j', (change, reason) => {
    expect(JSON.stringify(handler.check(wanted(change)).failures)).toContain(reason);
  });
});
