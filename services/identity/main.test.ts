import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openClient, type RpcClient } from '@meridian/kit/clients.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { spiffe, TestWorld } from '@meridian/kit/testing/world.ts';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { startPostgres, type ThrowAwayPostgres } from '../../tests/engines/postgres.ts';
import {
  IdentityService,
  type SessionTokens,
} from './contract/gen/meridian/identity/v1/identity_pb.js';
import { present } from './testing/client.ts';

const { createAccount, createSession, ensureAccount, refreshSession } = IdentityService.method;
const { listKeys, getAccount, listRevocations } = IdentityService.method;
const EMAIL = 'ann@example.com';
const PASSWORD = 'marker-seven-blue-lanterns';

let world: TestWorld;
let postgres: ThrowAwayPostgres;
let child: ChildProcess;
let folder: string;
let opsPort: number;
let port: number;
let gateway: RpcClient<typeof IdentityService>;
let stranger: RpcClient<typeof IdentityService>;
let output = '';

beforeAll(async () => {
  world = await TestWorld.create();
  postgres = await startPostgres({
    tls: await world.authority.issue({ addresses: ['127.0.0.1'] }),
  });
  await postgres.createDatabase('identity', 'services/identity/migrations');
  const [servicePort, ops] = await freePorts();
  opsPort = ops;
  folder = await world.prepare('identity', {
    listen: { address: '127.0.0.1', port: servicePort },
    ops: { address: '127.0.0.1', port: opsPort },
    allow: Object.fromEntries(
      IdentityService.methods.map(({ name }) => [
        `/${IdentityService.typeName}/${name}`,
        [spiffe(name === 'EnsureAccount' ? 'merchant-account' : 'gateway')],
      ]),
    ),
    logLevel: 'debug',
  });
  writeIdentity(
    join(folder, 'postgres-tls'),
    await world.authority.issue({ commonName: 'identity' }),
  );
  await renewSigningKey();
  bind(folder, 'identity-postgres', {
    type: 'postgresql',
    provider: 'meridian',
    host: '127.0.0.1',
    port: String(postgres.port),
    database: 'identity',
    username: 'identity',
    sslmode: 'verify-full',
    'tls-folder': 'postgres-tls',
  });
  child = start(folder);
  await eventually(async () => expect(await readiness()).toBe(200), 60_000);
  port = servicePort;
  gateway = await clientOf('gateway');
  stranger = await clientOf('search');
}, 180_000);

afterAll(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
  await postgres.stop();
  await world.close();
});

async function renewSigningKey(): Promise<void> {
  const issued = await world.authority.issue({ uris: [spiffe('identity')], signs: true });
  writeIdentity(join(folder, 'token-signing'), issued);
}

function bind(cwd: string, name: string, properties: Readonly<Record<string, string>>): void {
  mkdirSync(join(cwd, 'bindings', name), { recursive: true });
  for (const [key, value] of Object.entries(properties)) {
    writeFileSync(join(cwd, 'bindings', name, key), value);
  }
}

function start(cwd: string, entry = './main.ts', args: readonly string[] = []): ChildProcess {
  const main = fileURLToPath(new URL(entry, import.meta.url));
  const process_ = spawn(process.execPath, ['--tls-min-v1.3', main, ...args], {
    cwd,
    env: {
      SERVICE_BINDING_ROOT: join(cwd, 'bindings'),
      MERIDIAN_SERVICE_FILE: join(cwd, 'config/service.json'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process_.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  process_.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  return process_;
}

async function folderOf(caller: string, port: number): Promise<string> {
  const cwd = await world.prepare(caller);
  bind(cwd, 'identity', {
    type: 'grpc',
    provider: 'meridian',
    uri: 'addresses:identity/addresses',
    'spiffe-id': spiffe('identity'),
    addresses: `127.0.0.1:${port}\n`,
  });
  return cwd;
}

/** Runs the task that sets up the merchant; what it prints joins the rest of the output. */
async function runMerchant(caller: string, ...args: string[]): Promise<number> {
  const task = start(await folderOf(caller, port), './merchant/main.ts', args);
  await once(task, 'close');
  return task.exitCode ?? -1;
}

async function clientOf(caller: string): Promise<RpcClient<typeof IdentityService>> {
  const cwd = await folderOf(caller, port);
  const { runtime } = await world.start(cwd);
  return openClient(runtime, 'identity', IdentityService);
}

async function readiness(): Promise<number> {
  return (await fetch(`http://127.0.0.1:${opsPort}/readyz`)).status;
}

async function freePorts(): Promise<[number, number]> {
  const servers = [0, 0].map(() => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server, 'listening');
      return (server.address() as { port: number }).port;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return [ports[0] ?? 0, ports[1] ?? 0];
}

async function signIn(): Promise<SessionTokens> {
  const answer = await gateway.unary(createSession, { email: EMAIL, password: PASSWORD });
  return present(answer.tokens);
}

const refresh = async (refreshToken: string) =>
  present((await gateway.unary(refreshSession, { refreshToken })).tokens);

async function listedKeys(): Promise<{ kty: string; crv: string; kid: string; x: string }[]> {
  const { keys } = await gateway.unary(listKeys, {});
  return keys.map(({ kty, crv, kid, x }) => ({ kty, crv, kid, x }));
}

const refused = (work: Promise<unknown>) => expect(work).rejects;

test('an account signs in over mutual TLS and gets a token that the listed keys verify', async () => {
  const { account } = await gateway.unary(createAccount, { email: EMAIL, password: PASSWORD });
  const { accessToken } = await signIn();
  const keys = createLocalJWKSet({ keys: await listedKeys() });
  const { payload } = await jwtVerify(accessToken, keys, {
    issuer: 'https://identity.meridian.local',
    audience: 'https://api.meridian.local',
  });
  expect(payload.sub).toBe(account?.accountId);
});

test('a renewed key is listed before it signs, and the one before it stays listed', async () => {
  let tokens = await signIn();
  const old = tokens.accessToken;
  const before = decodeProtectedHeader(old).kid;
  await renewSigningKey();
  await eventually(async () => {
    tokens = await refresh(tokens.refreshToken);
    const { kid } = decodeProtectedHeader(tokens.accessToken);
    expect((await listedKeys()).map((key) => key.kid)).toContain(kid);
    expect(kid).not.toBe(before);
  });
  const keys = createLocalJWKSet({ keys: await listedKeys() });
  await jwtVerify(old, keys);
  await jwtVerify(tokens.accessToken, keys);
}, 60_000);

test('an account is for its owner, so a call without a signed context gets none', async () => {
  await refused(gateway.unary(getAccount, { accountId: 'x' })).toMatchObject({
    status: 'UNAUTHENTICATED',
  });
});

test('nobody but the declared caller reaches any of it', async () => {
  await refused(stranger.unary(listRevocations, {})).toMatchObject({
    status: 'PERMISSION_DENIED',
  });
});

test('the task gives an account the role of a merchant, and a second run changes nothing', async () => {
  const email = 'merchant@meridian.local';
  const file = join(folder, 'merchant-password');
  writeFileSync(file, 'marker-nine-green-lanterns\n');
  expect(await runMerchant('merchant-account', email, file)).toBe(0);
  expect(output).toContain(`Account ${email} is new\n`);
  expect(await runMerchant('merchant-account', email, file)).toBe(0);
  expect(output).toContain(`Account ${email} is as it should be\n`);
  const password = 'marker-nine-green-lanterns';
  const { accessToken } = present((await gateway.unary(createSession, { email, password })).tokens);
  expect(decodeJwt(accessToken)['roles']).toEqual(['customer', 'merchant']);
}, 60_000);

test('nobody but that task may set up an account', async () => {
  const file = join(folder, 'merchant-password');
  writeFileSync(file, 'marker-nine-green-lanterns\n');
  expect(await runMerchant('search', 'search@meridian.local', file)).toBe(1);
  expect(output).toMatch(/PERMISSION_DENIED/);
  await refused(
    gateway.unary(ensureAccount, { email: EMAIL, password: PASSWORD, roles: ['support'] }),
  ).toMatchObject({ status: 'PERMISSION_DENIED' });
}, 60_000);

test('the task refuses arguments that are none with one line', async () => {
  expect(await runMerchant('merchant-account', 'merchant@meridian.local')).toBe(78);
  expect(output).toMatch(/^KIT_CONFIGURATION: Merchant account: takes 2 arguments, .* got 1;/m);
  expect(await runMerchant('merchant-account', 'merchant@meridian.local', '/no/such')).toBe(78);
  expect(output).toMatch(/^KIT_CONFIGURATION: .* got '\/no\/such', .* \(ENOENT\)/m);
}, 60_000);

test('no password and no token is ever logged, whatever becomes of the call', async () => {
  const tokens = await signIn();
  const next = await refresh(tokens.refreshToken);
  const odd = ['marker-in-email', 'marker\u0000', 'marker-long'.repeat(20), 'marker'];
  const calls = [
    refresh(tokens.refreshToken),
    refresh(next.refreshToken),
    refresh('marker-refresh'),
    gateway.unary(createAccount, { email: EMAIL, password: PASSWORD }),
    ...odd.flatMap((text) => [
      gateway.unary(createAccount, { email: text, password: text, displayName: `${text}\u0000` }),
      gateway.unary(createAccount, { email: `b${EMAIL}`, password: text }),
      gateway.unary(createSession, { email: text, password: text }),
      gateway.unary(listRevocations, { afterCursor: text }),
    ]),
    gateway.unary(createSession, { email: EMAIL, password: 'marker-wrong-password' }),
  ];
  const outcomes = await Promise.allSettled(calls);
  const messages = outcomes.map((one) => (one.status === 'rejected' ? String(one.reason) : ''));
  // Lines are written in batches and in order, so with the last one all others are there.
  const lists = () => output.split('IdentityService/ListKeys').length;
  const before = lists();
  await gateway.unary(listKeys, {});
  await eventually(() => expect(lists()).toBeGreaterThan(before));
  expect(output).toContain('call served');
  const secrets = [
    'marker',
    ...[tokens, next].flatMap((one) => [one.accessToken, one.refreshToken]),
  ];
  for (const secret of secrets) {
    expect(output).not.toContain(secret);
    expect(messages.join('\n')).not.toContain(secret);
  }
}, 60_000);

test('without its database it lives on, says that it is not ready, and answers UNAVAILABLE', async () => {
  await postgres.stop();
  await eventually(async () => expect(await readiness()).toBe(503));
  expect((await fetch(`http://127.0.0.1:${opsPort}/healthz`)).status).toBe(200);
  await refused(signIn()).toMatchObject({ status: 'UNAVAILABLE' });
  expect(output).not.toContain('marker');
}, 60_000);
