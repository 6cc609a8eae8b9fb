import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runJob } from './harness/jobs.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { applyManifests } from './harness/manifests.ts';
import { addGround, NAMESPACE, type RenderedStack } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';

const DATA = 'meridian-data';

interface Secret extends ApiObject {
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

/** Programs that run as Jobs, against a real API server and with the rights that the stack gives them. */
describe('the program that makes credentials', () => {
  let cluster: TestCluster;
  let stack: RenderedStack;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    stack = await addGround(cluster);
    const { refusals } = await applyManifests(cluster, stack.manifests, ['redis', 'search']);
    expect(refusals).toBe('');
  });
  afterAll(() => cluster.stop());

  const secret = (namespace: string, name: string): Promise<Secret> =>
    cluster.api.get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  const textOf = ({ data }: Secret, key: string): string =>
    Buffer.from(data[key] ?? '', 'base64').toString();

  test('gives each user of Redis one password, where it is read and where it is checked', async () => {
    const run = await runJob(cluster, stack, 'credentials-redis-');
    expect(run).toMatchObject({ exitCode: 0 });
    const users = await secret(DATA, 'redis-users');
    for (const user of ['catalog', 'gateway']) {
      const binding = await secret(NAMESPACE, `${user}-redis-binding`);
      const password = textOf(binding, 'password');
      expect(password.length).toBeGreaterThanOrEqual(22);
      expect(textOf(users, user)).toBe(password);
      expect(textOf(binding, 'username')).toBe(user);
      expect(run.output).not.toContain(password);
    }
  });

  test('leaves them as they are when it runs again', async () => {
    const before = await secret(DATA, 'redis-users');
    expect(await runJob(cluster, stack, 'credentials-redis-')).toMatchObject({ exitCode: 0 });
    expect(await secret(DATA, 'redis-users')).toEqual(before);
  });

  test("gives Elasticsearch's file realm its users with their roles", async () => {
    expect(await runJob(cluster, stack, 'credentials-elasticsearch-')).toMatchObject({
      exitCode: 0,
    });
    const secrets = await cluster.api.list<Secret>(`/api/v1/namespaces/${DATA}/secrets`);
    const users = secrets.filter(({ type }) => type === 'kubernetes.io/basic-auth');
    expect(users.map((user) => textOf(user, 'roles')).toSorted()).toEqual([
      'probe',
      'products-elasticsearch',
    ]);
    const user = users.find((found) => textOf(found, 'username') === 'products-elasticsearch');
    const binding = await secret(NAMESPACE, 'products-elasticsearch-binding');
    expect(binding.data['password']).toBe(user?.data['password']);
  });

  test('may read and change its own Secrets alone', async () => {
    const account = `system:serviceaccount:${DATA}:credentials-redis`;
    const may = async (...question: readonly string[]): Promise<string> => {
      const asked = ['auth', 'can-i', ...question, `--as=${account}`, '--quiet'];
      return await cluster.kubectl(...asked).then(
        () => 'yes',
        () => 'no',
      );
    };
    expect(await may('get', 'secret/redis-users', `--namespace=${DATA}`)).toBe('yes');
    expect(await may('get', 'secret/catalog-redis-binding', `--namespace=${NAMESPACE}`)).toBe(
      'yes',
    );
    expect(await may('list', 'secrets', `--namespace=${DATA}`)).toBe('no');
    expect(await may('get', 'secret/catalog-redis-tls', `--namespace=${NAMESPACE}`)).toBe('no');
    expect(await may('delete', 'secret/redis-users', `--namespace=${DATA}`)).toBe('no');
    expect(await may('get', 'pods', `--namespace=${NAMESPACE}`)).toBe('no');
  });
});
