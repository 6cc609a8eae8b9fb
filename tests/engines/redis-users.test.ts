import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { redis } from '@meridian/components/model/store.ts';
import { shelf, withService } from '@meridian/components/model/testing/sample-platform.ts';
import { aclUsers } from '@meridian/components/redis/kubernetes/valkey.ts';
import { sampleClusterContext } from '@meridian/components/testing/sample-cluster.ts';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { startRedis } from './redis.ts';
import type { ThrowAwayRedis } from './redis.ts';

const stores = [...shelf.stores, redis({ name: 'pages' })];
const users = aclUsers(sampleClusterContext({}, withService('shelf', { stores })));

let server: ThrowAwayRedis;

beforeAll(async () => {
  server = await startRedis(await TestAuthority.create());
}, 60_000);

afterAll(() => server.stop());

/** As the chart writes it into its file of users: on, the hash of the password, the permissions. */
async function make(name: string): Promise<void> {
  const hash = createHash('sha256').update(`password of ${name}`).digest('hex');
  const permissions = users[name]?.permissions.split(' ') ?? [];
  await server.admin('ACL', 'SETUSER', name, 'reset', 'on', `#${hash}`, ...permissions);
}

const lineOf = async (name: string): Promise<string> => {
  const lines = (await server.admin('ACL', 'LIST')).split('\n');
  return (lines.find((line) => line.startsWith(`user ${name} `)) ?? '').replace(
    /#[0-9a-f]{64}/,
    '#',
  );
};

test('a user in a cluster is to Redis what the user on this machine is', async () => {
  await server.createUser('shelf', 'pages:');
  const local = await lineOf('shelf');
  expect(local).toContain('~pages:*');
  await make('shelf');
  expect(await lineOf('shelf')).toBe(local);
});

test('the default user of a cluster is off and may do nothing', async () => {
  await make('default');
  expect(await lineOf('default')).toMatch(/^user default off .*-@all$/);
});

test.each([
  ['users.acl', 'emptied', 0],
  ['users.acl', 'cut in a line', 90],
  ['admin-password', 'emptied', 0],
  ['admin-password', 'halved', 32],
])('a server whose %s was %s begins again with nobody but its admin', async (name, _how, bytes) => {
  await server.createUser('shelf', 'pages:');
  await server.kill();
  truncateSync(join(server.dataFolder, name), bytes);
  writeFileSync(join(server.dataFolder, 'users.acl.tmp-1.2.3'), '');
  await server.start();
  const users = (await server.admin('ACL', 'LIST')).trim().split('\n');
  expect(users).toEqual([
    expect.stringMatching(/^user admin on .*\+@all$/),
    expect.stringMatching(/^user default off .*-@all$/),
  ]);
  expect(readdirSync(server.dataFolder).sort()).toEqual(['admin-password', 'users.acl']);
});

test('a server whose files are whole begins with the users that it had', async () => {
  await server.createUser('shelf', 'pages:');
  const password = readFileSync(join(server.dataFolder, 'admin-password'), 'utf8');
  await server.kill();
  await server.start();
  expect(await lineOf('shelf')).toContain('~pages:*');
  expect(readFileSync(join(server.dataFolder, 'admin-password'), 'utf8')).toBe(password);
});
