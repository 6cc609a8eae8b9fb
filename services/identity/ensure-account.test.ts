import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { EMAIL, HandlerClient, PASSWORD } from './testing/client.ts';
import { startHandlers, type HandlersUnderTest } from './testing/fixture.ts';
import { fieldsIn, refusal } from './testing/refusal.ts';

let identity: HandlersUnderTest;
let client: HandlerClient;

beforeAll(async () => {
  identity = await startHandlers();
  client = new HandlerClient(identity);
}, 90_000);

afterAll(async () => {
  await identity.stop();
});

beforeEach(async () => {
  for (const table of ['sessions', 'revocations', 'accounts', 'sign_in_attempts']) {
    await identity.pool.query(`DELETE FROM ${table}`);
  }
});

describe('EnsureAccount', () => {
  const hashes = async (): Promise<readonly unknown[]> => {
    const { rows } = await identity.pool.query<object>('SELECT password_hash FROM accounts');
    return rows;
  };

  test('opens an account with these roles, and repeated changes nothing', async () => {
    const first = await client.ensure({ roles: ['customer', 'merchant'] });
    expect(first).toMatchObject({ created: true });
    expect(first.account).toMatchObject({ email: EMAIL, roles: ['customer', 'merchant'] });
    const stored = await hashes();
    const tokens = await client.signIn();
    const again = await client.ensure({
      roles: ['customer', 'merchant'],
      email: 'ann@example.com',
    });
    expect(again).toMatchObject({ created: false });
    expect(again.account).toEqual(first.account);
    expect(await hashes()).toEqual(stored);
    await client.refresh(tokens.refreshToken);
  });

  test('gives an account that is there the password and the roles', async () => {
    const { accountId } = await client.open();
    const { account } = await client.ensure({ password: 'nine green lanterns' });
    expect(account).toMatchObject({ accountId, displayName: 'Ann', roles: ['merchant'] });
    expect(await refusal(client.signIn())).toMatchObject({ status: 'UNAUTHENTICATED' });
    await client.signIn('nine green lanterns');
    expect(
      await client.ensure({ password: 'nine green lanterns', roles: ['support'] }),
    ).toMatchObject({ account: { roles: ['support'] } });
  });

  test('signs out whoever had opened the account with another password, and nobody else', async () => {
    await client.open();
    await client.open({ email: 'bob@example.com' });
    const squatters = [await client.signIn(), await client.signIn()];
    const bob = await client.signIn(PASSWORD, 'bob@example.com');
    await client.ensure({ password: 'nine green lanterns' });
    for (const { refreshToken } of squatters) {
      expect(await refusal(client.refresh(refreshToken))).toMatchObject({
        status: 'UNAUTHENTICATED',
      });
    }
    const { revocations } = await client.revocations();
    expect(revocations.map(({ sessionId }) => sessionId).sort()).toEqual(
      squatters.map(({ sessionId }) => sessionId).sort(),
    );
    await client.refresh(bob.refreshToken);
  });

  test('lets nobody in who gave the old password while it changed', async () => {
    await client.open();
    const change = await identity.pool.connect();
    try {
      await change.query('BEGIN');
      await change.query('SELECT FROM accounts FOR UPDATE');
      const signIn = refusal(client.signIn());
      await eventually(async () => {
        const waiting = await identity.pool.query(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        expect(waiting.rowCount).toBe(1);
      });
      await change.query(
        "UPDATE accounts SET password_hash = '$argon2id$new', password_version = 2",
      );
      await change.query('COMMIT');
      expect(await signIn).toMatchObject({ status: 'UNAUTHENTICATED' });
    } finally {
      change.release();
    }
  });

  test.each([
    ['email', { email: 'nobody' }],
    ['password', { password: 'short-pass' }],
    ['password', { password: 'passwordpassword' }],
    ['roles', { roles: [] }],
    ['roles[1]', { roles: ['merchant', 'merchant'] }],
    ['roles[0]', { roles: ['owner'] }],
  ])('refuses a wrong %s (%#)', async (field, changes) => {
    const error = await refusal(client.ensure(changes));
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(fieldsIn(error)).toEqual([field]);
    expect(await hashes()).toEqual([]);
  });
});
