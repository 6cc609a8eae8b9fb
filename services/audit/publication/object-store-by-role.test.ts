import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PodIdentityStandIn } from '@meridian/kit/aws/testing/pod-identity-stand-in.ts';
import { createStoreServer } from '../checkpoint-store-stand-in/http-server.ts';
import { ObjectFiles } from '../checkpoint-store-stand-in/object-files.ts';
import { readBehaviour } from '../checkpoint-store-stand-in/trouble.ts';
import { bindingTo } from '../testing/store-binding.ts';
import { ObjectStore } from './object-store.ts';

let folder: string;
const servers: Server[] = [];
let agent: PodIdentityStandIn;
let store: ObjectStore;
let sessions: unknown[] = [];

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  sessions = [];
  folder = mkdtempSync(join(tmpdir(), 'meridian-role-'));
  const server = createStoreServer({
    bucket: 'checkpoints',
    dataFolder: folder,
    files: new ObjectFiles(folder),
    behaviour: readBehaviour({}),
    admission: () => ({ keys: new Map([['ASIAEXAMPLE', 'of-the-role']]), region: 'local' }),
    log: () => undefined,
  });
  server.prependListener('request', ({ headers }) => {
    sessions.push(headers['x-amz-security-token']);
  });
  const binding = bindingTo(await listening(server), {}, () => {
    throw new Error('There are no secrets');
  });
  agent = await PodIdentityStandIn.start(() => ({
    AccessKeyId: 'ASIAEXAMPLE',
    SecretAccessKey: 'of-the-role',
    Token: 'session-of-the-role',
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
  }));
  store = new ObjectStore({ ...binding, byRole: true });
});

afterEach(async () => {
  await store.close();
  await agent[Symbol.asyncDispose]();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  rmSync(folder, { recursive: true, force: true });
});

test('a process with a role writes and reads by it, with the session of the role signed, and has no key', async () => {
  expect(await store.putNew('heads/1', 'a head\n')).toBe('written');
  expect(await store.putNew('heads/1', 'another\n')).toBe('there');
  expect(await store.get('heads/1')).toBe('a head\n');
  expect(await store.versioning()).toBe('kept');
  expect(sessions).toEqual(Array.from({ length: 4 }, () => 'session-of-the-role'));
});

test('an agent that does not answer is a store that is away, which is asked again', async () => {
  process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = 'http://127.0.0.1:1/v1/credentials';
  await expect(store.get('heads/1')).rejects.toThrow(/^Checkpoint store .*: must answer within/);
  expect(sessions).toEqual([]);
});
