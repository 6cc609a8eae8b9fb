import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { Pool } from 'pg';
import { AccountEvents } from './account-events.ts';
import { AccountStore, type Account } from './account-store.ts';
import { KeyStore } from './key-store.ts';
import { newRefreshToken } from './refresh-token.ts';
import { RevocationStore } from './revocation-store.ts';
import { SessionStore, type LiveSession } from './session-store.ts';
import { committingAfter } from './testing/committing-after.ts';

const events = new AccountEvents(new Outbox(() => undefined));
let world: DatabaseWorld;
let database: Database;
let pool: Pool;
let accounts: AccountStore;
let sessions: SessionStore;
let revocations: RevocationStore;
let keys: KeyStore;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('identity', 'services/identity/migrations');
  ({ database } = await world.open('identity'));
  accounts = new AccountStore(database, events);
  sessions = new SessionStore(database, events);
  revocations = new RevocationStore(database);
  keys = new KeyStore(database);
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  for (const table of ['sessions', 'revocations', 'accounts', 'signing_keys']) {
    await pool.query(`DELETE FROM ${table}`);
  }
});

async function account(email = 'ann@example.com'): Promise<Account> {
  const created = await accounts.create({
    email,
    emailKey: email.toLowerCase(),
    displayName: 'Ann',
    roles: ['customer'],
    passwordHash: '$argon2id$…',
  });
  if (created === undefined) throw new Error(`${email} has an account already`);
  return created;
}

/** A session and its first refresh token. */
async function signedIn(): Promise<{ session: LiveSession; token: Buffer }> {
  const { sha256 } = newRefreshToken();
  return { session: await sessions.create(await account(), sha256), token: sha256 };
}

const revoked = async () =>
  (await revocations.list(100)).revocations.map(({ sessionId }) => sessionId);

describe('accounts', () => {
  test('are found by id and by address, with all that was given', async () => {
    const created = await account('Ann@example.com');
    expect(await accounts.get(created.accountId)).toEqual(created);
    expect(created).toMatchObject({ email: 'Ann@example.com', displayName: 'Ann' });
    expect(await accounts.findCredentials('ann@example.com')).toEqual({
      accountId: created.accountId,
      roles: ['customer'],
      passwordHash: '$argon2id$…',
      passwordVersion: 1n,
    });
    expect(await accounts.findCredentials('Ann@example.com')).toBeUndefined();
    expect(await accounts.get(randomUUID())).toBeUndefined();
  });

  test('are one for each address, even when several are opened at once', async () => {
    const opened = await Promise.allSettled(
      Array.from({ length: 8 }, () => account('bob@example.com')),
    );
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('hold a password for as long as a session is opened with it', async () => {
    const { accountId } = await account();
    const update = {
      ...{ accountId, roles: ['merchant'], passwordHash: '$argon2id$new' },
      changedBy: 'test',
    };
    const order: string[] = [];
    let change: Promise<unknown> = Promise.resolve();
    await database.transaction(async (session) => {
      const before = { accountId, passwordVersion: 1n };
      expect(await accounts.holdPassword(before, session)).toBe(true);
      change = accounts.update(update).then(() => order.push('changed'));
      await eventually(async () => {
        const { rowCount } = await pool.query(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        expect(rowCount).toBe(1);
      });
      order.push('opened');
    });
    await change;
    expect(order).toEqual(['opened', 'changed']);
    await database.transaction(async (session) => {
      const old = { accountId, passwordVersion: 1n };
      expect(await accounts.holdPassword(old, session)).toBe(false);
    });
  });

  test('have no role that the platform does not know', async () => {
    const unknown = {
      email: 'a@b.c',
      emailKey: 'a@b.c',
      displayName: '',
      passwordHash: '$argon2id$',
    };
    await expect(accounts.create({ ...unknown, roles: ['admin'] })).rejects.toThrow(/roles/);
  });
});

describe('refreshing', () => {
  test('puts a new token in the place of the old one, for as long as the session lasts', async () => {
    const { session, token } = await signedIn();
    let current = token;
    for (let round = 0; round < 3; round++) {
      const next = newRefreshToken().sha256;
      const outcome = await sessions.refresh(current, next);
      expect(outcome).toMatchObject({
        kind: 'refreshed',
        session: {
          sessionId: session.sessionId,
          accountId: session.accountId,
          roles: ['customer'],
        },
      });
      current = next;
    }
    expect(await revoked()).toEqual([]);
  });

  test('gives the roles that the account has now', async () => {
    const { token } = await signedIn();
    await pool.query("UPDATE accounts SET roles = '{customer,support}'");
    const outcome = await sessions.refresh(token, randomBytes(32));
    expect(outcome).toMatchObject({ session: { roles: ['customer', 'support'] } });
  });

  test('a second time with one token ends the session and every token of it', async () => {
    const { session, token } = await signedIn();
    const next = newRefreshToken().sha256;
    await sessions.refresh(token, next);
    expect(await sessions.refresh(token, randomBytes(32))).toEqual({
      kind: 'refused',
      reason: 'reused',
      sessionId: session.sessionId,
    });
    expect(await revoked()).toEqual([session.sessionId]);
    expect(await sessions.refresh(next, randomBytes(32))).toMatchObject({ reason: 'revoked' });
  });

  test('at once with one token lets exactly one through, and ends the session', async () => {
    const { session, token } = await signedIn();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => sessions.refresh(token, randomBytes(32))),
    );
    expect(outcomes.filter(({ kind }) => kind === 'refreshed')).toHaveLength(1);
    expect(
      outcomes.filter((one) => one.kind === 'refused' && one.reason === 'reused'),
    ).toHaveLength(7);
    expect(await revoked()).toEqual([session.sessionId]);
  });

  test('with a token that never was changes nothing', async () => {
    await signedIn();
    expect(await sessions.refresh(randomBytes(32), randomBytes(32))).toEqual({
      kind: 'refused',
      reason: 'unknown',
    });
    expect(await revoked()).toEqual([]);
  });

  test('stops when the token or the session has expired', async () => {
    const { token } = await signedIn();
    await pool.query("UPDATE refresh_tokens SET expire_time = now() - interval '1 s'");
    expect(await sessions.refresh(token, randomBytes(32))).toMatchObject({ reason: 'expired' });
    await pool.query('DELETE FROM sessions');
    await pool.query('DELETE FROM accounts');
    const other = await signedIn();
    await pool.query("UPDATE sessions SET expire_time = now() - interval '1 s'");
    expect(await sessions.refresh(other.token, randomBytes(32))).toMatchObject({
      reason: 'expired',
    });
  });

  test('never promises more than the session has left', async () => {
    const { token } = await signedIn();
    await pool.query("UPDATE sessions SET expire_time = now() + interval '1 h'");
    const outcome = await sessions.refresh(token, randomBytes(32));
    if (outcome.kind !== 'refreshed') throw new Error('The token is good');
    const leftMs = outcome.session.refreshExpireTime.getTime() - Date.now();
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
    expect(leftMs).toBeGreaterThan(3_000_000);
  });

  test('of an ended session is refused', async () => {
    const { session, token } = await signedIn();
    await sessions.revoke(session, session.accountId);
    expect(await sessions.refresh(token, randomBytes(32))).toMatchObject({ reason: 'revoked' });
  });
});

describe('revocations', () => {
  test('are listed once, until the last token of the session has expired', async () => {
    const { session } = await signedIn();
    await sessions.revoke(session, session.accountId);
    await sessions.revoke(session, session.accountId);
    const { revocations: list } = await revocations.list(10);
    expect(list).toHaveLength(1);
    const [only] = list;
    expect(Number(only?.expireTime) - Number(only?.revokeTime)).toBe(360_000);
    await pool.query('UPDATE revocations SET expire_time = now()');
    expect(await revoked()).toEqual([]);
    await revocations.removeExpired(10);
    expect((await pool.query('SELECT FROM revocations')).rowCount).toBe(0);
  });

  test('are walked page by page, and the last cursor goes on later', async () => {
    const ids: string[] = [];
    const owner = await account();
    const end = async (): Promise<void> => {
      const session = await sessions.create(owner, randomBytes(32));
      await sessions.revoke(session, owner.accountId);
      ids.push(session.sessionId);
    };
    for (let count = 0; count < 5; count++) await end();
    const seen: string[] = [];
    let cursor;
    for (let page = 0; page < 4; page++) {
      const found = await revocations.list(2, cursor);
      seen.push(...found.revocations.map(({ sessionId }) => sessionId));
      cursor = found.cursor;
    }
    expect(seen).toEqual(ids);
    await end();
    const { revocations: rest } = await revocations.list(2, cursor);
    expect(rest.map(({ sessionId }) => sessionId)).toEqual(ids.slice(5));
  });

  test('are not lost to a reader while transactions are open that will commit later', async () => {
    // Of two accounts: those of one wait for each other anyway.
    const [owner, other] = [await account(), await account('bob@example.com')];
    const first = await sessions.create(owner, randomBytes(32));
    const second = await sessions.create(other, randomBytes(32));
    const reached = Promise.withResolvers<undefined>();
    const gate = Promise.withResolvers<undefined>();
    const slow = new SessionStore(
      committingAfter(database, async () => {
        reached.resolve(undefined);
        await gate.promise;
      }),
      events,
    );
    // Has its position, and has not committed it.
    const slowWork = slow.revoke(first, owner.accountId);
    await reached.promise;
    let overtaken = false;
    const quickWork = sessions.revoke(second, other.accountId).then(() => (overtaken = true));
    await eventually(async () => {
      const { rows } = await pool.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
      );
      expect(rows.length === 1 || overtaken).toBe(true);
    });
    const between = await revocations.list(10);
    gate.resolve(undefined);
    await Promise.all([slowWork, quickWork]);
    const after = await revocations.list(10, between.cursor);
    const seen = [...between.revocations, ...after.revocations].map(({ sessionId }) => sessionId);
    expect(seen).toEqual([first.sessionId, second.sessionId]);
  });

  test('begin again for a cursor of another database', async () => {
    const { session } = await signedIn();
    await sessions.revoke(session, session.accountId);
    const { cursor } = await revocations.list(10);
    expect((await revocations.list(10, cursor)).revocations).toEqual([]);
    const foreign = { ...cursor, epoch: randomUUID() };
    expect((await revocations.list(10, foreign)).revocations).toHaveLength(1);
  });
});

describe('keys', () => {
  const key = { kid: 'one', publicKey: Buffer.alloc(32, 7) };
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

  test('stay listed until the last token that they can have signed has expired', async () => {
    await keys.publish(key, inSeconds(3_600));
    await keys.publish(key, inSeconds(3_600));
    expect(await keys.list()).toEqual([key]);
    // Certificates that expired five and seven minutes ago: tokens of the first are good for one more.
    await keys.publish(key, inSeconds(-300));
    await keys.publish({ ...key, kid: 'two' }, inSeconds(-420));
    expect(await keys.list()).toEqual([key]);
    await keys.removeExpired();
    expect((await pool.query('SELECT kid FROM signing_keys')).rows).toEqual([{ kid: 'one' }]);
  });

  test('that are retired go when their tokens have, not when their certificate would', async () => {
    await keys.publish(key, inSeconds(86_400));
    await keys.retire('one');
    expect(await keys.list()).toEqual([key]);
    const { rows } = await pool.query<{ left: number }>(
      'SELECT extract(epoch FROM expire_time - now())::integer AS left FROM signing_keys',
    );
    expect(rows[0]?.left).toBeGreaterThan(300);
    expect(rows[0]?.left).toBeLessThanOrEqual(360);
  });
});

test('sessions that ended by themselves are dropped with their tokens; others stay', async () => {
  const { session } = await signedIn();
  await sessions.removeExpired(10);
  expect(await sessions.ownerOf(session.sessionId)).toBe(session.accountId);
  await pool.query("UPDATE sessions SET expire_time = now() - interval '7 min'");
  await sessions.removeExpired(10);
  expect(await sessions.ownerOf(session.sessionId)).toBeUndefined();
  expect((await pool.query('SELECT FROM refresh_tokens')).rowCount).toBe(0);
});

test('the service role can change rows but not the schema', async () => {
  const change = (text: string) => database.query({ name: text.slice(0, 12), text });
  await expect(change('ALTER TABLE accounts ADD COLUMN x int')).rejects.toThrow(/owner/);
  await expect(change('CREATE TABLE other (x int)')).rejects.toThrow(/permission denied/);
});
