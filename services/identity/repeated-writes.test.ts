import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { EMAIL, HandlerClient, PASSWORD } from './testing/client.ts';
import { startHandlers, type HandlersUnderTest } from './testing/fixture.ts';
import { refusal } from './testing/refusal.ts';

let identity: HandlersUnderTest;
let client: HandlerClient;
/** The account of EMAIL, which all tests sign in with. */
let accountId: string;

beforeAll(async () => {
  identity = await startHandlers();
  client = new HandlerClient(identity);
  ({ accountId } = await client.open());
}, 90_000);

afterAll(() => identity.stop());

beforeEach(async () => {
  identity.beforeCommit(() => Promise.resolve());
  for (const table of ['idempotency_keys', 'sessions', 'revocations', 'sign_in_attempts']) {
    await identity.pool.query(`DELETE FROM ${table}`);
  }
});

const countOf = async (table: string): Promise<number> =>
  (await identity.pool.query(`SELECT FROM ${table}`)).rowCount ?? 0;

const ended = async (): Promise<readonly string[]> =>
  (await client.revocations()).revocations.map(({ sessionId }) => sessionId);

/** Lets the answers to all keys so far be as old as they are kept at most. */
const wait = (): Promise<unknown> =>
  identity.pool.query("UPDATE idempotency_keys SET created_at = now() - interval '5 minutes'");

describe('a refresh that is repeated under its key', () => {
  test('gets the first answer, however often, and the session goes on', async () => {
    const { refreshToken, sessionId } = await client.signIn();
    const first = await client.withKey('k').refresh(refreshToken);
    expect(await client.withKey('k').refresh(refreshToken)).toEqual(first);
    expect(await client.withKey('k').refresh(refreshToken)).toEqual(first);
    expect(await client.refresh(first.refreshToken)).toMatchObject({ sessionId });
    expect(await ended()).toEqual([]);
  });

  test('at the same moment waits for the first, and gets its answer', async () => {
    const { refreshToken } = await client.signIn();
    const gate = Promise.withResolvers<undefined>();
    identity.beforeCommit(() => gate.promise);
    const all = Array.from({ length: 4 }, () => client.withKey('k').refresh(refreshToken));
    await eventually(async () => {
      const { rowCount } = await identity.pool.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      expect(rowCount).toBe(3);
    });
    gate.resolve(undefined);
    const [first, ...others] = await Promise.all(all);
    expect(others).toEqual([first, first, first]);
    expect(await ended()).toEqual([]);
  });

  test.each([
    ['without the key', () => client],
    ['with another key', () => client.withKey('other')],
  ])('%s ends the session: a thief has the token and not the key', async (_how, thief) => {
    const { refreshToken, sessionId } = await client.signIn();
    const { refreshToken: next } = await client.withKey('k').refresh(refreshToken);
    expect(await refusal(thief().refresh(refreshToken))).toMatchObject({
      status: 'UNAUTHENTICATED',
    });
    expect(await ended()).toEqual([sessionId]);
    expect(await refusal(client.refresh(next))).toMatchObject({ status: 'UNAUTHENTICATED' });
    // Not even with the key.
    expect(await refusal(client.withKey('k').refresh(refreshToken))).toMatchObject({
      status: 'UNAUTHENTICATED',
    });
  });

  test('after its answer was used gets nothing, as from a replica that hung with it, and ends nothing', async () => {
    const { refreshToken, sessionId } = await client.signIn();
    const { refreshToken: next } = await client.withKey('k').refresh(refreshToken);
    const { refreshToken: newest } = await client.refresh(next);
    expect(await refusal(client.withKey('k').refresh(refreshToken))).toMatchObject({
      status: 'UNAUTHENTICATED',
    });
    expect(await ended()).toEqual([]);
    expect(await client.refresh(newest)).toMatchObject({ sessionId });
  });

  test('minutes later ends the session', async () => {
    const { refreshToken, sessionId } = await client.signIn();
    await client.withKey('k').refresh(refreshToken);
    await wait();
    await refusal(client.withKey('k').refresh(refreshToken));
    expect(await ended()).toEqual([sessionId]);
  });

  test('gives no tokens of a session that was ended meanwhile', async () => {
    const { refreshToken, sessionId } = await client.signIn();
    await client.withKey('k').refresh(refreshToken);
    identity.as({ subject: accountId, roles: ['customer'] });
    await client.revoke(sessionId);
    expect(await refusal(client.withKey('k').refresh(refreshToken))).toMatchObject({
      status: 'UNAUTHENTICATED',
    });
  });

  test('by another session under the same key is another refresh', async () => {
    const [one, two] = [await client.signIn(), await client.signIn()];
    const first = await client.withKey('k').refresh(one.refreshToken);
    const second = await client.withKey('k').refresh(two.refreshToken);
    expect([first.sessionId, second.sessionId]).toEqual([one.sessionId, two.sessionId]);
  });
});

describe('a sign-in that is repeated under its key', () => {
  test('gets the tokens of the one session that it opened, and is not a failed attempt', async () => {
    const first = await client.withKey('k').signIn();
    expect(await client.withKey('k').signIn()).toEqual(first);
    expect(await countOf('sessions')).toBe(1);
    expect(await countOf('sign_in_attempts')).toBe(0);
    expect((await client.withKey('other').signIn()).sessionId).not.toBe(first.sessionId);
  });

  test('with a wrong password is refused as ever, and leaves nothing behind', async () => {
    expect(await refusal(client.withKey('k').signIn('wrong'))).toMatchObject({
      status: 'UNAUTHENTICATED',
    });
    expect(await countOf('idempotency_keys')).toBe(0);
    const tokens = await client.withKey('k').signIn();
    expect(await refusal(client.withKey('k').signIn('wrong'))).toMatchObject({
      status: 'UNAUTHENTICATED',
    });
    expect(await client.withKey('k').signIn()).toEqual(tokens);
  });

  test('by somebody else under the same key is their own', async () => {
    await client.open({ email: 'bob@example.com' });
    const [ann, bob] = [
      await client.withKey('k').signIn(),
      await client.withKey('k').signIn(PASSWORD, 'bob@example.com'),
    ];
    expect(bob.sessionId).not.toBe(ann.sessionId);
  });
});

describe('an account that is opened again under the same key', () => {
  test('is the first one, and an address that is taken without it', async () => {
    const before = await countOf('accounts');
    const account = await client.withKey('k').open({ email: 'cy@example.com' });
    expect(await client.withKey('k').open({ email: 'cy@example.com' })).toEqual(account);
    for (const other of [client, client.withKey('other')]) {
      expect(await refusal(other.open({ email: 'cy@example.com' }))).toMatchObject({
        status: 'ALREADY_EXISTS',
      });
    }
    expect(await countOf('accounts')).toBe(before + 1);
  });

  test('with another password tells a stranger nothing of it', async () => {
    const email = 'dan@example.com';
    await client.withKey('k').open({ email });
    const stranger = client.withKey('k').open({ email, password: 'nine purple candles' });
    expect(await refusal(stranger)).toMatchObject({ status: 'ALREADY_EXISTS' });
  });

  test('with another name is another request', async () => {
    const email = 'eve@example.com';
    await client.withKey('k').open({ email });
    expect(await refusal(client.withKey('k').open({ email, displayName: 'Eva' }))).toMatchObject({
      status: 'FAILED_PRECONDITION',
    });
  });
});

test('no token, password or plain digest of one lies in the database', async () => {
  await client.withKey('k').open({ email: 'fay@example.com' });
  const first = await client.withKey('k').signIn();
  const second = await client.withKey('k').refresh(first.refreshToken);
  const { rows } = await identity.pool.query<{ row: string; response: string }>(
    `SELECT kept::text AS row, encode(response, 'escape') AS response
     FROM idempotency_keys AS kept`,
  );
  expect(rows).toHaveLength(3);
  const text = JSON.stringify(rows);
  for (const secret of [first, second].flatMap((tokens) => [
    tokens.refreshToken,
    tokens.accessToken,
    tokens.sessionId,
  ])) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString('hex'));
  }
  expect(text).not.toContain(PASSWORD);
  expect(text.toLowerCase()).not.toContain(EMAIL.toLowerCase());
});
