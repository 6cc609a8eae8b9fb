import { X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { request } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { elasticsearchProcess } from '@meridian/components/search/local/elasticsearch-process.ts';
import { PROBE_USER, roleFor } from '@meridian/components/search/search-grants.ts';
import { TestZone, until } from '@meridian/provider-local/agent/testing/test-zone.ts';
import {
  killProcess,
  membersOfSession,
  signalProcess,
} from '@meridian/provider-local/machine/process-table.ts';
import type { ProcessIdentity } from '@meridian/provider-local/machine/process-table.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { elasticsearchUserHandler } from '@meridian/provider-local/provider/elasticsearch-user.ts';
import { Rollouts } from '@meridian/provider-local/provider/rollouts.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';

const NODE = 'elasticsearch';
const USER = 'books-elasticsearch';
const ADDRESS = '127.0.9.1';

jest.setTimeout(200_000);

let zone: TestZone;
let spec: ProcessSpec;
let port: number;

beforeAll(async () => {
  zone = await TestZone.create();
  const cache = process.env['MERIDIAN_CACHE'] ?? join(homedir(), '.cache/meridian');
  mkdirSync(zone.folders.cache, { recursive: true });
  symlinkSync(join(cache, NODE), join(zone.folders.cache, NODE));
  await zone.start();
  await zone.authorize();
  port = await freePort(ADDRESS);
  const place = { address: ADDRESS, port, transportPort: await freePort(ADDRESS) };
  const rights = { roles: { [USER]: roleFor('books') }, users: [{ user: USER, role: USER }] };
  spec = elasticsearchProcess({ cluster: 'test', name: NODE, ...place }, rights, '1');
  for (const name of [PROBE_USER, USER]) await makeUser(name);
  await start();
});

afterAll(() => zone.dispose());

async function makeUser(name: string, generation = 1): Promise<void> {
  const context = {
    folders: zone.folders,
    signal: new AbortController().signal,
    status: () => undefined,
    warn: () => undefined,
    rollouts: new Rollouts(),
  };
  const node = { zone: 't', process: NODE };
  const inputs = { node, name, generation, state: 'intact' } as const;
  if (generation === 1) await elasticsearchUserHandler.create(inputs, context);
  else await elasticsearchUserHandler.update({ ...inputs, generation: 1 }, inputs, context);
}

async function start(): Promise<void> {
  await zone.client.putProcess(spec);
  await zone.client.waitUntilReady(NODE, 180_000);
}

/** The processes that a node is: what starts it, and the node. */
async function members(): Promise<readonly ProcessIdentity[]> {
  const { pid = 0 } = await zone.status(NODE);
  return membersOfSession(pid).toSorted((one, other) => one.pid - other.pid);
}

/** Asks as the user of the index, with the certificate of the node. */
async function ask(method: string, path: string, body?: unknown): Promise<number> {
  const password = readFileSync(join(zone.folders.state, 'credentials', `${NODE}-${USER}`), 'utf8');
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(
    {
      ...{ host: ADDRESS, port, method, path, agent: false },
      ...material(),
      auth: `${USER}:${password.trim()}`,
      headers: { 'content-type': 'application/json' },
    },
    (response) => void text(response).then(() => resolve(response.statusCode ?? 0), reject),
  );
  sent.on('error', reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

/** The node's own certificate, which is a client's as well. */
function material() {
  const file = (name: string) => readFileSync(zone.self(NODE, 'tls', name));
  return { ca: file('ca.crt'), cert: file('tls.crt'), key: file('tls.key') };
}

/** Serial number of the certificate that the node shows. */
async function shownSerial(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host: ADDRESS, port, ...material() });
  socket.once('secureConnect', () => {
    resolve(socket.getPeerX509Certificate()?.serialNumber ?? '');
    socket.destroy();
  });
  socket.once('error', reject);
  return promise;
}

test('a node that is killed comes back with what was written', async () => {
  expect(await ask('PUT', '/books.1', {})).toBe(200);
  expect(await ask('PUT', '/books.1/_doc/1', { title: 'kept' })).toBe(201);
  // What runs the node, not what started it: the agent sees that end.
  const [, node] = await members();
  if (node === undefined) throw new Error('There is a node');
  killProcess(node);
  await until('it was started again', async () => (await zone.status(NODE)).restarts === 1, 60_000);
  await zone.client.waitUntilReady(NODE, 180_000);
  expect(await ask('GET', '/books.1/_doc/1')).toBe(200);
});

test('a node takes a renewed certificate and a new password without a restart', async () => {
  const { pid } = await zone.status(NODE);
  const before = await shownSerial();
  await zone.renewAuthority();
  const { serialNumber } = new X509Certificate(readFileSync(zone.self(NODE, 'tls', 'tls.crt')));
  expect(serialNumber).not.toBe(before);
  await until('it shows the new one', async () => (await shownSerial()) === serialNumber);
  await makeUser(USER, 2);
  await until('it takes it', async () => (await ask('GET', '/books.1/_search')) === 200);
  expect(await zone.status(NODE)).toMatchObject({ pid, restarts: 1, state: 'ready' });
});

test('a node that hangs is not ready', async () => {
  const stopped = await members();
  for (const member of stopped) signalProcess(member, 'SIGSTOP');
  await until('it is known', async () => (await zone.status(NODE)).state === 'unready', 60_000);
  for (const member of stopped) signalProcess(member, 'SIGCONT');
  await until('it is ready', async () => (await zone.status(NODE)).state === 'ready', 60_000);
});

test.each(['users_roles', 'roles.yml', 'elasticsearch.yml', 'elasticsearch.keystore'])(
  'a node begins again where its %s was torn',
  async (name) => {
    await zone.killAgent();
    const file = zone.self(NODE, name);
    truncateSync(file, Math.floor(statSync(file).size / 2));
    await zone.start();
    await start();
    expect(await ask('GET', '/books.1/_doc/1')).toBe(200);
  },
);

test('a node leaves nothing behind', async () => {
  const { pid = 0 } = await zone.status(NODE);
  await zone.client.deleteProcess(NODE);
  expect(readdirSync(join(zone.folders.data, 't'))).toEqual([]);
  expect(membersOfSession(pid)).toEqual([]);
});
