import { fromBinary } from '@bufbuild/protobuf';
import type { DescMessage } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { identityEvents } from './topics.ts';
import {
  AccountCreatedSchema,
  AccountRolesChangedSchema,
  PasswordChangedSchema,
  RevocationReason,
  SessionCreatedSchema,
  SessionRevokedSchema,
} from './contract/gen/meridian/identity/v1/events_pb.js';
import { digestOf } from './refresh-token.ts';
import { FREE_ATTEMPTS } from './sign-in-attempts.ts';
import { EMAIL, HandlerClient, PASSWORD, PEER } from './testing/client.ts';
import { startHandlers, type HandlersUnderTest } from './testing/fixture.ts';
import { refusal } from './testing/refusal.ts';

const SCHEMAS = [
  AccountCreatedSchema,
  AccountRolesChangedSchema,
  PasswordChangedSchema,
  SessionCreatedSchema,
  SessionRevokedSchema,
] as const;

const OTHER_PASSWORD = 'nine green lanterns';
const TABLES = ['sessions', 'revocations', 'accounts', 'sign_in_attempts', 'outbox'];

let identity: HandlersUnderTest;
let client: HandlerClient;

beforeAll(async () => {
  identity = await startHandlers();
  client = new HandlerClient(identity);
}, 90_000);

afterAll(() => identity.stop());

beforeEach(async () => {
  identity.as(undefined);
  identity.beforeCommit(() => Promise.resolve());
  for (const table of TABLES) await identity.pool.query(`DELETE FROM ${table}`);
});

interface OutboxRow {
  readonly topic: string;
  readonly key: string;
  readonly version: string;
  readonly type: string;
  readonly payload: Buffer;
}

async function outbox(): Promise<readonly OutboxRow[]> {
  const { rows } = await identity.pool.query<OutboxRow>(
    'SELECT topic, key, version, type, payload FROM outbox ORDER BY position',
  );
  return rows;
}

/** The events in the outbox, decoded, in the order of their positions. */
async function events() {
  return (await outbox()).map(({ topic, key, version, type, payload }) => {
    const schema: DescMessage | undefined = SCHEMAS.find(({ typeName }) => typeName === type);
    if (schema === undefined) throw new Error(`${type} is not an event of identity`);
    const event = fromBinary(schema, payload) as unknown as Readonly<Record<string, unknown>>;
    expect({ topic, key, version }).toEqual({
      topic: identityEvents.name,
      key: event['accountId'],
      version: String(event['version']),
    });
    return { type: schema.name, ...event };
  });
}

/** Everything that changes when somebody does something, and what is told of it. */
async function contents(): Promise<readonly unknown[]> {
  const tables = ['accounts', 'sessions', 'refresh_tokens', 'revocations', 'outbox'];
  return Promise.all(
    tables.map(async (table) => {
      const { rows } = await identity.pool.query<object>(`SELECT * FROM ${table} ORDER BY 1`);
      return rows;
    }),
  );
}

// Whatever a test did: each account, session and early end has exactly one event, in one row of versions.
afterEach(async () => {
  const { rows } = await identity.pool.query<{ account_id: string; version: string }>(
    'SELECT account_id, version FROM accounts',
  );
  const told = await events();
  for (const { account_id: accountId, version } of rows) {
    const versions = told
      .filter((event) => 'accountId' in event && event.accountId === accountId)
      .map((event) => Number('version' in event && event.version));
    expect(versions).toEqual(Array.from({ length: Number(version) }, (_, index) => index + 1));
  }
  const count = (name: string): number => told.filter(({ type }) => type === name).length;
  const state = await identity.pool.query(`
    SELECT (SELECT count(*)::int FROM accounts) AS "AccountCreated",
           count(*)::int AS "SessionCreated", count(revoke_time)::int AS "SessionRevoked"
    FROM sessions`);
  expect(state.rows).toEqual([
    {
      AccountCreated: count('AccountCreated'),
      SessionCreated: count('SessionCreated'),
      SessionRevoked: count('SessionRevoked'),
    },
  ]);
});

describe('an account', () => {
  test('that somebody opens is told once, and a second for the address not at all', async () => {
    const { accountId } = await client.open();
    await refusal(client.open());
    await refusal(client.open({ email: 'bob@example.com', password: 'short' }));
    expect(await events()).toEqual([
      expect.objectContaining({
        ...{ type: 'AccountCreated', accountId, version: 1n, roles: ['customer'], createdBy: '' },
      }),
    ]);
  });

  test('is listed for whoever keeps events with what they tell of it, and nothing that its owner wrote', async () => {
    const accounts = [await client.open(), await client.ensure({ email: 'bob@example.com' })];
    await client.signIn();
    const first = await client.accounts({ pageSize: 1 });
    const second = await client.accounts({ pageSize: 1, pageToken: first.nextPageToken });
    expect([accounts.length, second.nextPageToken]).toEqual([2, '']);
    const listed = [...first.accounts, ...second.accounts];
    expect(listed.map(({ accountId }) => accountId)).toEqual(
      listed.map(({ accountId }) => accountId).toSorted(),
    );
    expect(new Map(listed.map(({ roles: [role], version }) => [role, version]))).toEqual(
      new Map([
        ['customer', 2n],
        ['merchant', 1n],
      ]),
    );
  });

  test('that the platform sets up says who did, and setting it up again tells nothing', async () => {
    await client.ensure({ roles: ['customer', 'merchant'] });
    await client.ensure({ roles: ['merchant', 'customer'] });
    expect(await events()).toMatchObject([
      { type: 'AccountCreated', roles: ['customer', 'merchant'], createdBy: PEER },
    ]);
  });

  test('that gets roles and a password tells of both, and of each session that this ends', async () => {
    const { accountId } = await client.open();
    const open = [await client.signIn(), await client.signIn()].map(({ sessionId }) => sessionId);
    await client.ensure({ roles: ['customer', 'support'], password: OTHER_PASSWORD });
    await client.ensure({ roles: ['customer', 'support'], password: OTHER_PASSWORD });
    const [, , , roles, password, ...ended] = await events();
    expect(roles).toMatchObject({
      ...{ type: 'AccountRolesChanged', accountId, version: 4n, changedBy: PEER },
      ...{ roles: ['customer', 'support'], formerRoles: ['customer'] },
    });
    expect(password).toMatchObject({ type: 'PasswordChanged', version: 5n, changedBy: PEER });
    expect(ended).toMatchObject(
      [6n, 7n].map((version) => ({
        ...{ type: 'SessionRevoked', accountId, version, revokedBy: '' },
        reason: RevocationReason.PASSWORD_CHANGED,
      })),
    );
    const told = ended.map((event) => 'sessionId' in event && event.sessionId);
    expect(told.toSorted()).toEqual(open.toSorted());
  });
});

describe('a session', () => {
  test('that is opened is told with its end; refreshing it is not told', async () => {
    const { accountId } = await client.open();
    const { sessionId, refreshToken } = await client.signIn();
    await client.refresh(refreshToken);
    const { rows } = await identity.pool.query<{ expire_time: Date }>(
      'SELECT expire_time FROM sessions',
    );
    const [, created, ...others] = await events();
    expect(created).toMatchObject({ type: 'SessionCreated', accountId, version: 2n, sessionId });
    const { expireTime } = created as unknown as {
      expireTime: Parameters<typeof timestampDate>[0];
    };
    expect(timestampDate(expireTime)).toEqual(rows[0]?.expire_time);
    expect(others).toEqual([]);
  });

  test('that is refused, for a wrong password, no account or too many attempts, is not told', async () => {
    await client.open();
    await refusal(client.signIn('wrong'));
    await refusal(client.signIn(PASSWORD, 'nobody@example.com'));
    await identity.pool.query('UPDATE sign_in_attempts SET failures = 100');
    await refusal(client.signIn('wrong'));
    expect(await refusal(client.signIn())).toMatchObject({ status: 'RESOURCE_EXHAUSTED' });
    expect(await events()).toMatchObject([{ type: 'AccountCreated' }]);
  });

  test.each([
    ['its owner', 'customer'],
    ['support', 'support'],
  ])('that %s ends is told once, with whom', async (_, role) => {
    const { accountId } = await client.open();
    const { sessionId } = await client.signIn();
    identity.as({ subject: '00000000-0000-4000-8000-000000000000', roles: ['customer'] });
    await refusal(client.revoke(sessionId));
    const revokedBy = role === 'support' ? '11111111-0000-4000-8000-000000000000' : accountId;
    identity.as({ subject: revokedBy, roles: [role] });
    await client.revoke(sessionId);
    await client.revoke(sessionId);
    expect((await events()).slice(2)).toMatchObject([
      {
        ...{ type: 'SessionRevoked', accountId, version: 3n, sessionId, revokedBy },
        reason: RevocationReason.REQUESTED,
      },
    ]);
  });

  test('whose refresh token is used again, even at once, is told to have ended once', async () => {
    await client.open();
    const { sessionId, refreshToken } = await client.signIn();
    await Promise.allSettled(Array.from({ length: 8 }, () => client.refresh(refreshToken)));
    await refusal(client.refresh(refreshToken));
    expect((await events()).slice(2)).toMatchObject([
      {
        ...{ type: 'SessionRevoked', sessionId, revokedBy: '' },
        reason: RevocationReason.REFRESH_TOKEN_REUSED,
      },
    ]);
  });

  test('is one of several opened at once, each with a version of its own', async () => {
    await client.open();
    await Promise.all(Array.from({ length: FREE_ATTEMPTS }, () => client.signIn()));
    expect(await events()).toHaveLength(1 + FREE_ATTEMPTS);
  });
});

test('changes of one account at once never wait for each other in a circle', async () => {
  await client.open();
  for (const password of [OTHER_PASSWORD, PASSWORD, OTHER_PASSWORD, PASSWORD]) {
    const current = password === PASSWORD ? OTHER_PASSWORD : PASSWORD;
    const open = await Promise.all([1, 2, 3, 4].map(() => client.signIn(current)));
    for (const { refreshToken } of open) await client.refresh(refreshToken);
    identity.as({ subject: 'somebody', roles: ['support'] });
    const outcomes = await Promise.allSettled([
      client.ensure({ password }),
      ...open.flatMap(({ sessionId, refreshToken }) => [
        client.refresh(refreshToken),
        client.revoke(sessionId),
      ]),
      client.signIn(current),
    ]);
    const reasons = outcomes.flatMap((one): unknown[] =>
      one.status === 'rejected' ? [one.reason] : [],
    );
    for (const reason of reasons) expect(reason).toMatchObject({ status: 'UNAUTHENTICATED' });
  }
}, 60_000);

test.each(['revoked', 'reused'])(
  'a session that is %s is not locked before its account, which others lock first',
  async (how) => {
    const { accountId } = await client.open();
    const { sessionId, refreshToken } = await client.signIn();
    await client.refresh(refreshToken);
    identity.as({ subject: accountId, roles: ['customer'] });
    const other = await identity.pool.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM accounts FOR NO KEY UPDATE');
      const end =
        how === 'revoked' ? client.revoke(sessionId) : refusal(client.refresh(refreshToken));
      await eventually(async () => {
        const waiting = await identity.pool.query(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        expect(waiting.rowCount).toBe(1);
      });
      await other.query('SELECT FROM sessions FOR UPDATE NOWAIT');
      await other.query('COMMIT');
      await end;
    } finally {
      other.release(true);
    }
    expect(await events()).toHaveLength(3);
  },
);

describe('a change and its event', () => {
  const changes: [string, () => Promise<unknown>][] = [
    ['CreateAccount', () => client.open({ email: 'bob@example.com' })],
    ['EnsureAccount', () => client.ensure({ password: OTHER_PASSWORD })],
    ['CreateSession', () => client.signIn()],
    ['RevokeSession', () => client.revoke(sessionId)],
    ['RefreshSession', () => client.refresh(used)],
  ];
  let accountId = '';
  let sessionId = '';
  let used = '';

  beforeEach(async () => {
    ({ accountId } = await client.open());
    const tokens = await client.signIn();
    ({ sessionId, refreshToken: used } = tokens);
    await client.refresh(used);
    identity.as({ subject: accountId, roles: ['customer'] });
  });

  test.each(changes)('of %s are both gone if the commit fails', async (_, change) => {
    const before = await contents();
    identity.beforeCommit(() => Promise.reject(new Error('the commit failed')));
    await expect(change()).rejects.toThrow('the commit failed');
    expect(await contents()).toEqual(before);
  });

  test.each(changes.slice(1))('of %s are both gone if the event fails', async (_, change) => {
    await identity.pool.query('UPDATE accounts SET version = version - 1');
    const before = await contents();
    await expect(change()).rejects.toMatchObject({ code: '23505' });
    expect(await contents()).toEqual(before);
    await identity.pool.query('UPDATE accounts SET version = version + 1');
  });

  test('say nothing of the person, the password or the tokens', async () => {
    await client.ensure({ password: OTHER_PASSWORD, roles: ['merchant'] });
    const { refreshToken, accessToken } = await client.signIn(OTHER_PASSWORD);
    await refusal(client.refresh(used));
    const { rows } = await identity.pool.query<{ hash: string }>(
      'SELECT password_hash AS hash FROM accounts',
    );
    const digests = [used, refreshToken].map(digestOf);
    const secrets = [
      ...[EMAIL, EMAIL.toLowerCase(), 'Ann', PASSWORD, OTHER_PASSWORD, rows[0]?.hash ?? ''],
      ...[used, refreshToken, accessToken, ...digests],
      ...digests.flatMap((digest) => [digest.toString('hex'), digest.toString('base64url')]),
    ];
    const { rows: stored } = await identity.pool.query<{ payload: Buffer; text: string }>(
      "SELECT payload, concat_ws(' ', key, type, headers) AS text FROM outbox",
    );
    expect(stored.length).toBeGreaterThan(5);
    for (const { payload, text } of stored) {
      for (const secret of secrets) {
        expect(payload.includes(secret)).toBe(false);
        expect(Buffer.from(text).includes(secret)).toBe(false);
      }
    }
  });
});
