import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { placesOfText } from '@meridian/kit/postgres/testing/places-of-text.ts';
import { reasonOf } from '@meridian/kit/testing/reason-of.ts';
import {
  AccountDeletedSchema,
  RevocationReason,
  SessionRevokedSchema,
} from './contract/gen/meridian/identity/v1/events_pb.js';
import { emailDigestOf, emailKeyOf } from './email-address.ts';
import { EMAIL, HandlerClient, PASSWORD } from './testing/client.ts';
import { startHandlers } from './testing/fixture.ts';
import type { HandlersUnderTest } from './testing/fixture.ts';
import { refusal } from './testing/refusal.ts';

/** In the address and the name of an account, and nowhere else. */
const MARKER = 'planted-7c1f';
const MARKED = `${MARKER}@example.com`;
const SOMEBODY = '00000000-0000-4000-8000-000000000000';

let identity: HandlersUnderTest;
let client: HandlerClient;

beforeAll(async () => {
  identity = await startHandlers();
  client = new HandlerClient(identity);
}, 90_000);

afterAll(() => identity.stop());

beforeEach(async () => {
  identity.as(undefined);
  const tables = 'sessions, refresh_tokens, revocations, accounts, sign_in_attempts, outbox';
  await identity.pool.query(`TRUNCATE ${tables}, idempotency_keys`);
});

/** Opens an account and signs in as its owner. */
async function opened(
  changes: { readonly email?: string; readonly displayName?: string } = {},
): Promise<string> {
  const { accountId } = await client.open(changes);
  await client.signIn(PASSWORD, changes.email ?? EMAIL);
  identity.as({ subject: accountId, roles: ['customer'] });
  return accountId;
}

interface Event {
  readonly type: string;
  readonly version: string;
  readonly payload: Buffer;
}

async function eventsOf(accountId: string): Promise<readonly Event[]> {
  const { rows } = await identity.pool.query<Event>(
    'SELECT type, version, payload FROM outbox WHERE key = $1 ORDER BY position',
    [accountId],
  );
  return rows;
}

test('what its owner wrote is nowhere once an account is deleted, answers and counts included', async () => {
  identity.as(undefined);
  const accountId = await opened({ email: MARKED, displayName: `Ann ${MARKER}` });
  // An answer under the account's own key, and a wrong password.
  await identity.pool.query(
    `INSERT INTO idempotency_keys (subject, method, key, request_digest, response)
     VALUES ($1, 'm', 'k', $2, $3)`,
    [accountId, Buffer.alloc(32), Buffer.from(`an answer with ${MARKER} in it`)],
  );
  await refusal(client.signIn('wrong', MARKED));
  expect(await placesOfText(identity.pool, MARKER)).toEqual([
    'public.accounts',
    'public.idempotency_keys',
  ]);
  await client.delete(accountId);
  expect(await placesOfText(identity.pool, MARKER)).toEqual([]);
  const digest = emailDigestOf(emailKeyOf(MARKED)).toString('hex');
  expect(await placesOfText(identity.pool, digest)).toEqual([]);
  for (const table of ['accounts', 'sessions', 'refresh_tokens', 'sign_in_attempts']) {
    expect((await identity.pool.query(`SELECT 1 FROM ${table}`)).rowCount).toBe(0);
  }
  // What is left names an id: events, and sessions whose tokens are to be refused.
  expect(await placesOfText(identity.pool, accountId)).toEqual(['public.outbox']);
});

test('its sessions end first, each with an event, and the last event says that it is gone', async () => {
  const accountId = await opened();
  await client.signIn();
  await client.delete(accountId);
  const events = await eventsOf(accountId);
  expect(events.map(({ type }) => type.split('.').at(-1))).toEqual([
    'AccountCreated',
    'SessionCreated',
    'SessionCreated',
    'SessionRevoked',
    'SessionRevoked',
    'AccountDeleted',
  ]);
  expect(events.map(({ version }) => version)).toEqual(['1', '2', '3', '4', '5', '6']);
  const [revoked, deleted] = [events.at(-2), events.at(-1)].map((event) => event?.payload);
  expect(fromBinary(SessionRevokedSchema, revoked ?? Buffer.alloc(0))).toMatchObject({
    reason: RevocationReason.ACCOUNT_DELETED,
    revokedBy: accountId,
  });
  expect(fromBinary(AccountDeletedSchema, deleted ?? Buffer.alloc(0))).toMatchObject({
    accountId,
    version: 6n,
    deletedBy: accountId,
  });
  const { revocations } = await client.revocations();
  expect(revocations).toHaveLength(2);
});

test('needs a sign-in of late, so that an open session alone cannot end the account', async () => {
  const accountId = await opened();
  await identity.pool.query("UPDATE sessions SET create_time = now() - interval '11 minutes'");
  expect(reasonOf(await refusal(client.delete(accountId)))).toBe('SIGN_IN_NOT_RECENT');
  await client.signIn();
  await client.delete(accountId);
});

test('support may delete any account, and is told of one that is not there', async () => {
  const accountId = await opened();
  identity.as({ subject: SOMEBODY, roles: ['support'] });
  await client.delete(accountId);
  expect(await refusal(client.delete(accountId))).toMatchObject({ status: 'NOT_FOUND' });
});

test('nobody else may, nor learns which accounts there are', async () => {
  const accountId = await opened();
  identity.as({ subject: SOMEBODY, roles: ['merchant'] });
  for (const id of [accountId, '11111111-0000-4000-8000-000000000000', 'x']) {
    expect(await refusal(client.delete(id))).toMatchObject({ status: 'PERMISSION_DENIED' });
  }
  identity.as(undefined);
  expect(await refusal(client.delete(accountId))).toMatchObject({ status: 'UNAUTHENTICATED' });
});

test('deleting it again changes nothing, and the address is free for a new account', async () => {
  const accountId = await opened();
  await client.delete(accountId);
  await client.delete(accountId);
  expect(await refusal(client.signIn())).toMatchObject({ status: 'UNAUTHENTICATED' });
  expect((await client.open()).accountId).not.toBe(accountId);
});

test('a refresh of a session that goes on meanwhile ends before it or fails, and both answer', async () => {
  for (let round = 0; round < 5; round += 1) {
    await identity.pool.query('TRUNCATE accounts, sessions, refresh_tokens, sign_in_attempts');
    const { accountId } = await client.open();
    const { refreshToken } = await client.signIn();
    identity.as({ subject: accountId, roles: ['customer'] });
    const [deleted, refreshed] = await Promise.allSettled([
      client.delete(accountId),
      client.refresh(refreshToken),
    ]);
    expect(deleted.status).toBe('fulfilled');
    if (refreshed.status === 'rejected') {
      expect(refreshed.reason).toMatchObject({ status: 'UNAUTHENTICATED' });
    }
    expect((await identity.pool.query('SELECT 1 FROM refresh_tokens')).rowCount).toBe(0);
  }
});
