import { readFile, writeFile } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startRedis } from '../../../tests/engines/redis.ts';
import type { TestRedisUser, ThrowAwayRedis } from '../../../tests/engines/redis.ts';
import { writeIdentity } from '../testing/authority.ts';
import { eventually } from '../testing/eventually.ts';
import { TestWorld } from '../testing/world.ts';
import type { TestProcess } from '../testing/world.ts';
import { cacheReads } from './redis-metrics.ts';
import { METRICS } from '../telemetry/names.ts';
import { ReadThroughCache } from './read-through-cache.ts';
import { openRedis } from './redis.ts';
import type { Redis, RedisOptions } from './redis.ts';
import { redisScript } from './script.ts';

/** Two busy cores may take longer than the 100 ms that a service waits. */
const PATIENT: RedisOptions = { commandTimeoutMs: 5_000, connectTimeoutMs: 10_000 };

describe('a key space of Redis', () => {
  let world: TestWorld;
  let server: ThrowAwayRedis;
  let shop: TestRedisUser;

  beforeAll(async () => {
    world = await TestWorld.create();
    server = await startRedis(world.authority);
    shop = await server.createUser('shop', 'shop:');
    await server.createUser('other', 'other:');
  }, 90_000);

  afterEach(async () => {
    server.signal('SIGCONT');
    await server.admin('FLUSHALL');
  });

  afterAll(async () => {
    await world.close();
    await server.stop();
  });

  async function open(
    options: RedisOptions = PATIENT,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<TestProcess & { readonly redis: Redis }> {
    const folder = await world.prepare('shop', { ops: { address: '127.0.0.1', port: 0 } });
    await server.bind(folder, 'shop-redis', shop, changes);
    const process = await world.start(folder);
    return { ...process, redis: openRedis(process.runtime, 'shop-redis', options) };
  }

  const connected = ({ redis }: { redis: Redis }) =>
    eventually(() => expect(redis.isConnected).toBe(true), 30_000);
  const lost = ({ redis }: { redis: Redis }) =>
    eventually(() => expect(redis.isConnected).toBe(false), 30_000);

  test('keeps values for their time, under its prefix', async () => {
    const client = await open();
    await connected(client);
    await client.redis.set('a', 'ä', 60_000);
    expect(await client.redis.get('a')).toBe('ä');
    expect(await client.redis.get('b')).toBeUndefined();
    expect(await server.admin('PTTL', 'shop:a')).toMatch(/^5\d{4}$/);
    await client.redis.delete(['a', 'b']);
    expect(await client.redis.get('a')).toBeUndefined();
  });

  test('runs scripts on its keys, also on a server that has not seen them', async () => {
    const client = await open();
    await connected(client);
    const script = redisScript('bump', "return redis.call('INCRBY', KEYS[1], ARGV[1])");
    expect(await client.redis.run(script, ['n'], ['3'])).toBe(3);
    await server.admin('SCRIPT', 'FLUSH');
    expect(await client.redis.run(script, ['n'], ['4'])).toBe(7);
    const greedy = redisScript('greedy', "return redis.call('GET', 'other:1')");
    await expect(client.redis.run(greedy, [], [])).rejects.toMatchObject({ reason: 'refused' });
  });

  test('that is away fails at once, degrades the process, and is used again when it is back', async () => {
    const client = await open();
    await connected(client);
    client.runtime.readiness.serving();
    await server.kill();
    await lost(client);
    await expect(client.redis.get('a')).rejects.toMatchObject({ reason: 'away' });
    await eventually(async () => {
      expect(await client.runtime.readiness.report()).toMatchObject({
        status: 'degraded',
        ready: true,
        checks: { 'redis shop-redis': 'redis is away' },
      });
    });
    const up = await client.runtime.metrics.registry
      .getSingleMetric(METRICS.redisConnectionUp)
      ?.get();
    expect(up?.values.map(({ value }) => value)).toEqual([0]);
    await server.start();
    await connected(client);
    expect(await client.redis.get('a')).toBeUndefined();
  });

  test('caches no value that cannot be encoded, and loads one that cannot be decoded', async () => {
    const client = await open();
    await connected(client);
    const { registry } = client.runtime.metrics;
    const broken = (): never => {
      throw new Error('no such form');
    };
    const cache = (encode: (value: string) => string, decode: (text: string) => string) =>
      new ReadThroughCache<string>(client.redis, cacheReads(registry), {
        ...{ name: 'thing', schema: 1, timeToLiveMs: 60_000, absentTimeToLiveMs: 60_000 },
        ...{ encode, decode },
      });
    const load = () => Promise.resolve({ value: 'loaded', revision: '1' });
    const failures = (count: number) =>
      eventually(async () => {
        const line = `background_failures_total{task="cache thing"} ${count}`;
        expect(await registry.metrics()).toContain(line);
      });
    expect(await cache(broken, String).read('a', load)).toBe('loaded');
    await failures(1);
    expect(await server.admin('EXISTS', 'shop:thing:a')).toBe('0');
    expect(await cache(String, String).read('b', load)).toBe('loaded');
    await eventually(async () => expect(await server.admin('EXISTS', 'shop:thing:b')).toBe('1'));
    expect(await cache(String, broken).read('b', load)).toBe('loaded');
    await failures(2);
    expect(await registry.metrics()).toContain(
      'cache_reads_total{cache="thing",outcome="unreadable"} 1',
    );
    const lines = client.lines.filter(({ task }) => task === 'cache thing');
    expect(lines).toMatchObject([{ level: 'error' }, { level: 'error' }]);
  });

  test('that hangs is given up after a few answers that did not come', async () => {
    const client = await open({ commandTimeoutMs: 100, connectTimeoutMs: 500 });
    await connected(client);
    server.signal('SIGSTOP');
    const reads = Array.from({ length: 20 }, () => client.redis.get('a'));
    for (const read of reads) {
      await expect(read).rejects.toMatchObject({ name: 'RedisUnavailableError' });
    }
    await lost(client);
    server.signal('SIGCONT');
    await connected(client);
  });

  test('takes no more commands than it may hold', async () => {
    const client = await open({ ...PATIENT, maxPendingCommands: 5 });
    await connected(client);
    server.signal('SIGSTOP');
    const reads = Array.from({ length: 20 }, () => client.redis.get('a'));
    const outcomes = Promise.allSettled(reads);
    await expect(Promise.race(reads)).rejects.toMatchObject({ name: 'RedisUnavailableError' });
    server.signal('SIGCONT');
    const answered = (await outcomes).filter(({ status }) => status === 'fulfilled').length;
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThanOrEqual(6);
  });

  test('takes up a renewed certificate and password at the next connection', async () => {
    const client = await open();
    await connected(client);
    await client.redis.set('a', '1', 60_000);
    const renewed = await world.authority.issue({ commonName: 'shop' });
    writeIdentity(join(client.folder, 'redis-tls'), renewed);
    await eventually(() =>
      expect(client.lines.map(({ message }) => message)).toContain('certificate renewed'),
    );
    // What is open stays open; the old password is good for no new connection.
    await writeFile(shop.passwordFile, 'another-password\n');
    await server.admin('ACL', 'SETUSER', 'shop', 'resetpass', '>another-password');
    expect(await client.redis.get('a')).toBe('1');
    await server.admin('CLIENT', 'KILL', 'USER', 'shop');
    await lost(client);
    await connected(client);
    expect(await client.redis.get('a')).toBe('1');
  });

  test('of a server that took a new certificate goes on, and the next connection sees the new one', async () => {
    const client = await open();
    await connected(client);
    const before = await serverSerial(client.folder);
    await server.renew();
    expect(await serverSerial(client.folder)).not.toBe(before);
    expect(await client.redis.get('a')).toBeUndefined();
    expect(client.redis.isConnected).toBe(true);
  });

  test("knows nobody's keys but its own and no dangerous command", async () => {
    const allowed = async (...command: string[]) =>
      server.admin('ACL', 'DRYRUN', 'shop', ...command);
    expect(await allowed('GET', 'shop:1')).toBe('OK');
    for (const command of [
      ['GET', 'other:1'],
      ['SET', 'other:1', '1'],
      ['KEYS', '*'],
      ['SCAN', '0'],
      ['FLUSHALL'],
      ['CONFIG', 'GET', '*'],
      ['ACL', 'WHOAMI'],
      ['CLIENT', 'LIST'],
      ['DEBUG', 'SLEEP', '1'],
      ['SHUTDOWN'],
    ]) {
      expect([command[0], await allowed(...command)]).not.toEqual([command[0], 'OK']);
    }
  });

  describe('refuses', () => {
    const refusal = async (changes: Readonly<Record<string, string>>) => {
      const client = await open(PATIENT, changes);
      await eventually(() => {
        expect(client.lines.map(({ message }) => message)).toContain('redis is away');
      });
      expect(client.redis.isConnected).toBe(false);
    };

    test('a wrong password', async () => {
      const file = join(world.folder, 'wrong-password');
      await writeFile(file, 'wrong');
      await refusal({ 'password-file': file });
    });

    test('a user that is not there, and the default one', async () => {
      await refusal({ username: 'nobody' });
      await refusal({ username: 'default' });
    });

    test('a client without a certificate', async () => {
      const ca = await readFile(join((await open()).folder, 'redis-tls/ca.crt'));
      await expect(
        firstAnswer(connectTls({ ...endpoint(), ca, checkServerIdentity: () => undefined })),
      ).rejects.toThrow(/certificate required|closed/);
    });

    test('TLS below 1.3', async () => {
      const { runtime } = await open();
      const socket = connectTls({
        ...endpoint(),
        ...runtime.identity.current.options,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.2',
        checkServerIdentity: () => undefined,
      });
      await expect(firstAnswer(socket)).rejects.toThrow(/protocol version|closed/);
    });

    test('plaintext', async () => {
      await expect(firstAnswer(connectPlain(endpoint()))).rejects.toThrow(/closed|ECONNRESET/);
    });
  });

  const endpoint = () => ({ host: server.host, port: server.port });

  /** What a server says to a PING; rejects when it closes the connection instead. */
  function firstAnswer(socket: ReturnType<typeof connectPlain>): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
    socket.on('close', () => reject(new Error('closed')));
    socket.write('PING\r\n');
    return promise.finally(() => socket.destroy());
  }

  function serverSerial(folder: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    void (async () => {
      const [cert, key, ca] = await Promise.all(
        ['tls.crt', 'tls.key', 'ca.crt'].map((name) => readFile(join(folder, 'redis-tls', name))),
      );
      const socket = connectTls({ ...endpoint(), cert, key, ca } as never, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.on('error', reject);
    })();
    return promise;
  }
});
