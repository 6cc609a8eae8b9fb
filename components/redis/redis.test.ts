import { describe, expect, test } from '@jest/globals';
import { buildGraph } from '../model/build-graph.ts';
import { redis } from '../model/store.ts';
import { samplePlatform, shelf, withService } from '../model/testing/sample-platform.ts';
import { record } from '../testing/recording-mocks.ts';
import { declareSample } from '../testing/sample-program.ts';
import { sampleStack } from '../testing/sample-stack.ts';
import { redisUsers } from './redis-grants.ts';

const platform = withService('shelf', { stores: [...shelf.stores, redis({ name: 'pages' })] });
const stack = sampleStack({}, platform);

const recordSample = () =>
  record(() => {
    declareSample(stack);
  });

describe('Redis on this machine', () => {
  test('is a server with a user for each service that has a store in it, and one who watches it', async () => {
    const recording = await recordSample();
    expect(recording.names('RedisUser')).toEqual(['redis-user-monitor', 'redis-user-shelf']);
    expect(recording.resource('redis-user-shelf').inputs).toMatchObject({
      server: { zone: 'a', process: 'redis', port: 20_004 },
      name: 'shelf',
      rules: expect.arrayContaining(['~pages:*', '-@all', '+get', '+evalsha']),
    });
  });

  test('comes up in order: agent, server, users, services', async () => {
    const recording = await recordSample();
    const order = ['zones-a', 'redis-server', 'redis-user-shelf', 'shelf-a-0'];
    for (const [position, name] of order.slice(1).entries()) {
      expect([name, recording.waits(name, order[position] ?? '')]).toEqual([name, true]);
    }
  });

  test('publishes where it listens', async () => {
    await record(() => {
      const declared = declareSample(stack).redis;
      expect([declared.host, declared.port]).toEqual(['127.0.1.3', 20_004]);
    });
  });

  test('is bound to a service with a password file and a certificate of its own', () => {
    const [replica] = stack.services.find(({ name }) => name === 'shelf')?.replicas ?? [];
    const files = Object.entries(replica?.process.files ?? {}).filter(([path]) =>
      path.startsWith('bindings/pages-redis/'),
    );
    expect(Object.fromEntries(files.map(([path, text]) => [path.split('/')[2], text]))).toEqual({
      type: 'redis',
      provider: 'meridian',
      host: '127.0.1.3',
      port: '20004',
      username: 'shelf',
      'password-file': '${state}/credentials/redis-shelf',
      'key-prefix': 'pages:',
      'tls-folder': 'redis-tls',
    });
    expect(replica?.process.identities).toContainEqual(
      expect.objectContaining({ folder: 'redis-tls', commonName: 'shelf', usages: ['client'] }),
    );
  });
});

describe('the users of Redis', () => {
  const [user] = redisUsers(buildGraph(platform));

  test('are those of services with a store', () => {
    expect(redisUsers(buildGraph(samplePlatform))).toEqual([]);
    expect(user?.name).toBe('shelf');
  });

  test('reach their own keys and no command that sees or ends what is others', () => {
    expect(user?.rules.filter((rule) => rule.startsWith('~'))).toEqual(['~pages:*']);
    for (const command of ['keys', 'scan', 'flushall', 'config', 'acl', 'client', 'select']) {
      expect(user?.rules).not.toContain(`+${command}`);
    }
    expect(user?.rules.filter((rule) => rule.startsWith('+@'))).toEqual([]);
  });

  test.each(['admin', 'default'])('leave the name %s to Redis', (name) => {
    const stores = [redis({ name: 'own' })];
    const services = [...samplePlatform.services, { ...shelf, name, stores, publishes: [] }];
    expect(() => buildGraph({ ...samplePlatform, services })).toThrow(
      `Redis user '${name}': it must belong to one service only`,
    );
  });
});

describe('the configuration of Redis', () => {
  const { process } = stack.redis;
  const conf = process.files['redis.conf'] ?? '';

  test('speaks TLS 1.3 to clients with a certificate, and nothing else', () => {
    for (const line of [
      'port 0',
      'tls-port 20004',
      'bind 127.0.1.3',
      'tls-auth-clients yes',
      'tls-protocols "TLSv1.3"',
    ]) {
      expect(conf.split('\n')).toContain(line);
    }
  });

  test('holds no password, and neither do its commands', () => {
    expect(conf).not.toMatch(/requirepass|user |>|#/);
    expect(JSON.stringify(process)).not.toMatch(/[0-9a-f]{64}/);
  });
});
