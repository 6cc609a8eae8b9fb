import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CredentialsOrder } from '@meridian/jobs/credentials/credentials-order.ts';
import { ApiServerStandIn } from './api-server-stand-in.ts';
import { runProgram } from './job-process.ts';
import type { JobResult } from './job-process.ts';

const properties = { type: 'redis', provider: 'meridian', host: 'redis.data', username: 'shelf' };

const order: CredentialsOrder = {
  engine: 'redis',
  generation: 1,
  namespace: 'sample',
  users: [
    {
      name: 'shelf',
      bindings: [
        { secret: 'pages-redis-binding', properties },
        { secret: 'covers-redis-binding', properties: { ...properties, 'key-prefix': 'covers:' } },
      ],
    },
    { name: 'door', bindings: [{ secret: 'limits-redis-binding', properties }] },
  ],
  engineForm: { kind: 'keyed', namespace: 'data', secret: 'redis-users' },
};

describe('the Job that makes credentials', () => {
  let api: ApiServerStandIn;

  beforeEach(async () => {
    api = await ApiServerStandIn.start();
  });

  afterEach(() => api.stop());

  const run = (given: CredentialsOrder = order): Promise<JobResult> =>
    runProgram('credentials', given, { environment: api.environment });

  test('gives every user a password of 256 bits, the same to the engine and in its bindings', async () => {
    const { exitCode, stdout } = await run();
    expect([exitCode, stdout]).toEqual([
      0,
      "Engine 'redis': kept the passwords of nobody, made those of shelf, door\n",
    ]);
    const passwords = api.secret('data', 'redis-users');
    expect(passwords['shelf']).toMatch(/^[0-9a-f]{64}$/);
    expect(passwords['door']).not.toBe(passwords['shelf']);
    expect(api.secret('sample', 'pages-redis-binding')).toEqual({
      ...properties,
      password: passwords['shelf'],
    });
    expect(api.secret('sample', 'covers-redis-binding')).toMatchObject({
      'key-prefix': 'covers:',
      password: passwords['shelf'],
    });
    expect(api.secret('sample', 'limits-redis-binding')['password']).toBe(passwords['door']);
  });

  test('writes nothing when it is run again', async () => {
    await run();
    const before = new Map(api.objects);
    expect((await run()).stdout).toBe(
      "Engine 'redis': kept the passwords of shelf, door, made those of nobody\n",
    );
    expect(api.objects).toEqual(before);
    expect(api.writes).toHaveLength(4);
  });

  test('gives every user another password when the generation is another', async () => {
    await run();
    const before = api.secret('data', 'redis-users');
    await run({ ...order, generation: 2 });
    const after = api.secret('data', 'redis-users');
    expect(after['shelf']).not.toBe(before['shelf']);
    expect(after['door']).not.toBe(before['door']);
    expect(api.secret('sample', 'pages-redis-binding')['password']).toBe(after['shelf']);
  });

  test('goes on with what a run that was cut off had given to the engine', async () => {
    await run();
    const before = api.secret('data', 'redis-users');
    api.objects.delete('/api/v1/namespaces/sample/secrets/limits-redis-binding');
    await run();
    expect(api.secret('data', 'redis-users')).toEqual(before);
    expect(api.secret('sample', 'limits-redis-binding')['password']).toBe(before['door']);
  });

  test('takes away a user that is no longer one, and keeps the others', async () => {
    await run();
    const { shelf } = api.secret('data', 'redis-users');
    await run({ ...order, users: order.users.slice(0, 1) });
    expect(api.secret('data', 'redis-users')).toEqual({ shelf });
  });

  test('gives other namespaces the same Secret, and again where it was lost', async () => {
    const copied: CredentialsOrder = {
      ...order,
      users: [{ name: 'api-key', bindings: [] }],
      engineForm: { kind: 'keyed', namespace: 'data', secret: 'binder-keys', copies: ['sample'] },
    };
    await run(copied);
    const keys = api.secret('data', 'binder-keys');
    expect(api.secret('sample', 'binder-keys')).toEqual(keys);
    api.objects.delete('/api/v1/namespaces/sample/secrets/binder-keys');
    await run(copied);
    expect(api.secret('data', 'binder-keys')).toEqual(keys);
    expect(api.secret('sample', 'binder-keys')).toEqual(keys);
  });

  test('gives ECK a Secret for each user, with its roles', async () => {
    await run({
      ...order,
      engine: 'elasticsearch',
      users: order.users.slice(0, 1),
      engineForm: {
        kind: 'basic-auth',
        namespace: 'data',
        secrets: { shelf: { secret: 'search-user-shelf', roles: 'shelf' } },
      },
    });
    const { password, ...rest } = api.secret('data', 'search-user-shelf');
    expect(rest).toEqual({ username: 'shelf', roles: 'shelf' });
    expect(api.secret('sample', 'pages-redis-binding')['password']).toBe(password);
  });

  test('never says a password', async () => {
    const results = [await run(), await run({ ...order, generation: 2 })];
    expect(JSON.stringify(results)).not.toMatch(/[0-9a-f]{32}/);
  });

  test('says nothing of what it sent when that is refused', async () => {
    api.put('/api/v1/namespaces/data/secrets/redis-users', {
      metadata: { name: 'redis-users' },
      type: 'kubernetes.io/tls',
    });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'API_REFUSED: API server: PUT /api/v1/namespaces/data/secrets/redis-users got 422: no detail is shown\n',
    );
  });

  test('says which right is missing', async () => {
    api.forgetToken();
    expect(await run()).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'API_REFUSED: API server: GET /api/v1/namespaces/data/secrets/redis-users got 401: Unauthorized\n',
    });
  });
});
