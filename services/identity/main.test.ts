import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RpcClient } from '@meridian/kit/clients.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { MainProcess, opsStatus } from '@meridian/kit/testing/main-process.ts';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import {
  IdentityService,
  type SessionTokens,
} from './contract/gen/meridian/identity/v1/identity_pb.js';
import { isCurrentHash } from './password-hash.ts';
import { rolesOfStaff } from './roles.ts';
import { present } from './testing/client.ts';
import { IdentityProcess } from './testing/identity-process.ts';

const { createAccount, createSession, ensureAccount, refreshSession } = IdentityService.method;
const { listKeys, getAccount, listRevocations } = IdentityService.method;
const EMAIL = 'ann@example.com';
const PASSWORD = 'marker-seven-blue-lanterns';

interface Stored {
  readonly password_hash: string;
}

let identity: IdentityProcess;
let gateway: RpcClient<typeof IdentityService>;
let stranger: RpcClient<typeof IdentityService>;
/** What the tasks printed. */
let tasks = '';

beforeAll(async () => {
  identity = await IdentityProcess.start({ world: await DatabaseWorld.createAlone() });
  gateway = await identity.clientOf('gateway');
  stranger = await identity.clientOf('search');
}, 180_000);

afterAll(() => identity.stop());

/** Runs the task that sets up accounts. */
async function runSetup(caller: string, ...args: string[]): Promise<number> {
  const main = new URL('./account-setup/main.ts', import.meta.url);
  const task = new MainProcess(main, await identity.folderOf(caller), { arguments: args });
  const code = await task.ended();
  tasks += task.output;
  return code;
}

const readiness = () => opsStatus(identity.opsPort, '/readyz');

const output = () => identity.output + tasks;

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
  const { rows } = await identity.pool.query<Stored>('SELECT password_hash FROM accounts');
  expect(rows.map(({ password_hash: hash }) => isCurrentHash(hash))).toEqual([true]);
});

test('a renewed key is listed before it signs, and the one before it stays listed', async () => {
  let tokens = await signIn();
  const old = tokens.accessToken;
  const before = decodeProtectedHeader(old).kid;
  await identity.world.world.issueSigningKey(identity.folder, 'token-signing', 'identity');
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
  const file = join(identity.folder, 'merchant-password');
  writeFileSync(file, 'marker-nine-green-lanterns\n');
  expect(await runSetup('account-setup', 'merchant', email, file)).toBe(0);
  expect(output()).toContain(`Account ${email} is new\n`);
  expect(await runSetup('account-setup', 'merchant', email, file)).toBe(0);
  expect(output()).toContain(`Account ${email} is as it should be\n`);
  const password = 'marker-nine-green-lanterns';
  const { accessToken } = present((await gateway.unary(createSession, { email, password })).tokens);
  expect(decodeJwt(accessToken)['roles']).toEqual(['customer', 'merchant']);
  const setup = await identity.clientOf('account-setup');
  for (const role of ['support', 'auditor'] as const) {
    const other = `${role}@meridian.local`;
    await setup.unary(ensureAccount, { email: other, password, roles: [...rolesOfStaff(role)] });
    const { tokens } = await gateway.unary(createSession, { email: other, password });
    expect(decodeJwt(present(tokens).accessToken)['roles']).toEqual([role]);
  }
}, 60_000);

test('nobody but that task may set up an account', async () => {
  for (const caller of [gateway, stranger]) {
    await refused(
      caller.unary(ensureAccount, { email: EMAIL, password: PASSWORD, roles: ['support'] }),
    ).toMatchObject({ status: 'PERMISSION_DENIED' });
  }
});

test('the task refuses arguments that are none with one line', async () => {
  expect(await runSetup('account-setup', 'merchant@meridian.local')).toBe(78);
  expect(output()).toMatch(/^KIT_CONFIGURATION: Account setup: takes 3 arguments, .* got 1;/m);
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
  const lists = () => output().split('IdentityService/ListKeys').length;
  const before = lists();
  await gateway.unary(listKeys, {});
  await eventually(() => expect(lists()).toBeGreaterThan(before));
  expect(output()).toContain('call served');
  const secrets = [
    'marker',
    ...[tokens, next].flatMap((one) => [one.accessToken, one.refreshToken]),
  ];
  for (const secret of secrets) {
    expect(output()).not.toContain(secret);
    expect(messages.join('\n')).not.toContain(secret);
  }
}, 60_000);

test('without Kafka it is ready and answers, and its events wait', async () => {
  await signIn();
  expect(await readiness()).toBe(200);
  const { rows } = await identity.pool.query<{ type: string }>(
    'SELECT type FROM outbox WHERE published_at IS NULL ORDER BY position',
  );
  expect(rows.at(0)?.type).toBe('meridian.identity.v1.AccountCreated');
  expect(rows.at(-1)?.type).toBe('meridian.identity.v1.SessionCreated');
});

test('without its database it lives on, says that it is not ready, and answers UNAVAILABLE', async () => {
  await identity.world.stopServer();
  await eventually(async () => expect(await readiness()).toBe(503));
  expect(await opsStatus(identity.opsPort, '/healthz')).toBe(200);
  await refused(signIn()).toMatchObject({ status: 'UNAVAILABLE' });
  expect(output()).not.toContain('marker');
}, 60_000);
