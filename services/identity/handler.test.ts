import { anyUnpack, timestampDate, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RetryInfoSchema } from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { askWhatIsAllowed } from '@meridian/kit/testing/ask-what-is-allowed.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { IdentityService } from './contract/gen/meridian/identity/v1/identity_pb.js';
import { isCurrentHash } from './password-hash.ts';
import { FREE_ATTEMPTS } from './sign-in-attempts.ts';
import { cheapHash } from './testing/cheap-hash.ts';
import { callOf, EMAIL, HandlerClient, PASSWORD, present } from './testing/client.ts';
import { startHandlers, type HandlersUnderTest } from './testing/fixture.ts';
import { detailsOf, fieldsIn, refusal } from './testing/refusal.ts';
import { TEST_COST } from './testing/test-cost.ts';

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
  identity.as(undefined);
  identity.beforeCommit(() => Promise.resolve());
  for (const table of ['sessions', 'revocations', 'accounts', 'sign_in_attempts']) {
    await identity.pool.query(`DELETE FROM ${table}`);
  }
});

describe('CreateAccount', () => {
  test('opens an account of a customer', async () => {
    const account = await client.open();
    expect(account).toMatchObject({ email: EMAIL, displayName: 'Ann', roles: ['customer'] });
    expect(account.accountId).toMatch(/^[0-9a-f-]{36}$/);
    expect(Math.abs(timestampMs(present(account.createTime)) - Date.now())).toBeLessThan(600_000);
  });

  test('is refused for an address that has one, however it is spelt', async () => {
    await client.open();
    for (const email of [EMAIL, 'ann@example.com', 'ＡＮＮ@example.com']) {
      expect(await refusal(client.open({ email }))).toMatchObject({ status: 'ALREADY_EXISTS' });
    }
  });

  test('says everything that is wrong at once, and repeats none of it', async () => {
    const error = await refusal(
      client.open({ email: 'hunter2 oops', password: 'short-pass', displayName: 'tab\there' }),
    );
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(fieldsIn(error)).toEqual(['email', 'password', 'display_name']);
    expect(error.message).not.toMatch(/hunter2|short-pass|here/);
  });

  test.each([
    ['email', { email: '' }],
    ['email', { email: `a@${'b'.repeat(260)}.c` }],
    ['email', { email: 'a\u0000@example.com' }],
    ['password', { password: '' }],
    ['password', { password: 'passwordpassword' }],
    ['password', { password: 'x1y2z'.repeat(26) }],
    ['display_name', { displayName: 'x'.repeat(101) }],
    ['display_name', { displayName: 'a\u0000' }],
  ])('refuses a wrong %s (%#)', async (field, changes) => {
    const error = await refusal(client.open(changes));
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(fieldsIn(error)).toEqual([field]);
  });

  test('keeps a password only as an Argon2id hash', async () => {
    await client.open();
    const { rows } = await identity.pool.query<Record<string, unknown>>('SELECT * FROM accounts');
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    expect(rows[0]?.['password_hash']).toMatch(/^\$argon2id\$v=19\$m=32,t=1,p=1\$/);
  });
});

describe('GetAccount', () => {
  test('gives a caller their own account', async () => {
    const account = await client.open();
    identity.as({ subject: account.accountId, roles: ['customer'] });
    expect(await client.get(account.accountId)).toEqual(account);
  });

  test('gives support any account, and says which do not exist', async () => {
    const account = await client.open();
    identity.as({ subject: 'somebody', roles: ['customer', 'support'] });
    expect(await client.get(account.accountId)).toEqual(account);
    for (const id of ['x', '_-', '00000000-0000-4000-8000-000000000000']) {
      expect(await refusal(client.get(id))).toMatchObject({ status: 'NOT_FOUND' });
    }
  });

  test('does not tell anybody else which accounts there are', async () => {
    const { accountId } = await client.open();
    identity.as({ subject: '00000000-0000-4000-8000-000000000000', roles: ['merchant'] });
    const there = await refusal(client.get(accountId));
    const not = await refusal(client.get('11111111-0000-4000-8000-000000000000'));
    expect(there.status).toBe('PERMISSION_DENIED');
    expect(not).toMatchObject({ status: there.status, message: there.message });
    identity.as(undefined);
    expect(await refusal(client.get(accountId))).toMatchObject({ status: 'UNAUTHENTICATED' });
  });
});

describe('CreateSession', () => {
  test('gives an access token that the listed keys verify, as RFC 9068 has it', async () => {
    const { accountId } = await client.open();
    const tokens = await client.signIn(PASSWORD, 'ann@EXAMPLE.com');
    const keys = (await client.listKeys()).map(({ kty, kid, use, alg, crv, x }) => ({
      ...{ kty, kid, use, alg, crv, x },
    }));
    const { payload, protectedHeader } = await jwtVerify(
      tokens.accessToken,
      createLocalJWKSet({ keys }),
      {
        algorithms: ['EdDSA'],
        typ: 'at+jwt',
        issuer: 'https://identity.meridian.local',
        audience: 'https://api.meridian.local',
        requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id', 'sid'],
      },
    );
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: keys[0]?.kid });
    expect(payload).toMatchObject({
      sub: accountId,
      sid: tokens.sessionId,
      roles: ['customer'],
      client_id: 'meridian',
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(300);
    expect(timestampMs(present(tokens.accessExpireTime))).toBe(Number(payload.exp) * 1_000);
    expect(Object.keys(payload).sort()).toEqual(
      ['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'roles', 'sid', 'sub'].sort(),
    );
  });

  test('answers a wrong password and an unknown address with the same words', async () => {
    await client.open();
    const wrong = await refusal(client.signIn('seven blue lantern'));
    const unknown = await refusal(client.signIn(PASSWORD, 'bob@example.com'));
    expect(wrong.status).toBe('UNAUTHENTICATED');
    expect(unknown).toMatchObject({ status: wrong.status, message: wrong.message });
  });

  test.each([EMAIL, 'nobody@example.com'])(
    'slows down guesses at %s, even right ones, and says when to return',
    async (email) => {
      await client.open();
      const first = await refusal(client.signIn('wrong', email));
      expect(first.status).toBe('UNAUTHENTICATED');
      await identity.pool.query('UPDATE sign_in_attempts SET failures = 100');
      expect(await refusal(client.signIn('wrong', email))).toMatchObject({
        status: 'UNAUTHENTICATED',
      });
      const error = await refusal(client.signIn(PASSWORD, email));
      expect(error.status).toBe('RESOURCE_EXHAUSTED');
      const [info] = detailsOf(error).map((any) => anyUnpack(any, RetryInfoSchema));
      expect(Number(info?.retryDelay?.seconds)).toBeGreaterThan(600);
    },
  );

  test('begins the count again after a success', async () => {
    await client.open();
    for (let round = 0; round < 2; round++) {
      for (let count = 1; count < FREE_ATTEMPTS; count++) await refusal(client.signIn('wrong'));
      await client.signIn();
    }
    expect((await identity.pool.query('SELECT FROM sign_in_attempts')).rowCount).toBe(0);
  });

  test('counts no attempt that trouble of ours ended, but each wrong password', async () => {
    await client.open();
    const trouble = new RpcError('UNAVAILABLE', 'the database is unavailable');
    const failures = async (): Promise<unknown> =>
      (await identity.pool.query('SELECT failures FROM sign_in_attempts')).rows;
    identity.beforeCommit(() => Promise.reject(trouble));
    for (let count = 0; count < 3; count++) {
      expect(await refusal(client.signIn())).toBe(trouble);
      await eventually(async () => expect(await failures()).toEqual([{ failures: 1 }]));
    }
    identity.beforeCommit(() => Promise.resolve());
    await refusal(client.signIn('wrong'));
    expect(await failures()).toEqual([{ failures: 2 }]);
  });

  describe('with a password that was hashed at another cost', () => {
    const storedHash = async (): Promise<string> => {
      const { rows } = await identity.pool.query<{ password_hash: string }>(
        'SELECT password_hash FROM accounts',
      );
      return rows[0]?.password_hash ?? '';
    };

    beforeEach(async () => {
      await client.open();
      await identity.pool.query('UPDATE accounts SET password_hash = $1', [cheapHash(PASSWORD)]);
    });

    test('stores a hash of the service’s cost, once, with which one signs in as before', async () => {
      await client.signIn();
      const renewed = await storedHash();
      expect(isCurrentHash(renewed, TEST_COST)).toBe(true);
      await client.signIn();
      expect(await storedHash()).toBe(renewed);
    });

    test('leaves the hash as it is for a wrong password', async () => {
      await refusal(client.signIn('wrong'));
      expect(await storedHash()).toBe(cheapHash(PASSWORD));
    });

    test('several times at once lets all of them in', async () => {
      await Promise.all(Array.from({ length: FREE_ATTEMPTS }, () => client.signIn()));
      expect(isCurrentHash(await storedHash(), TEST_COST)).toBe(true);
    });
  });

  test.each([
    ['email', '', PASSWORD],
    ['email', 'ann', PASSWORD],
    ['password', EMAIL, ''],
    ['password', EMAIL, 'x'.repeat(129)],
  ])('refuses a wrong %s (%#)', async (field, email, password) => {
    const error = await refusal(client.signIn(password, email));
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(fieldsIn(error)).toEqual([field]);
  });
});

describe('RefreshSession', () => {
  test('exchanges a token for new ones of the same session', async () => {
    await client.open();
    const first = await client.signIn();
    const second = await client.refresh(first.refreshToken);
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(await client.refresh(second.refreshToken)).toMatchObject({ sessionId: first.sessionId });
  });

  test('answers any token that is not good with the same words, and notes a reuse', async () => {
    await client.open();
    const first = await client.signIn();
    const second = await client.refresh(first.refreshToken);
    const reused = await refusal(client.refresh(first.refreshToken));
    const revoked = await refusal(client.refresh(second.refreshToken));
    const unknown = await refusal(client.refresh('A'.repeat(43)));
    expect(reused.status).toBe('UNAUTHENTICATED');
    for (const { status, message } of [revoked, unknown]) {
      expect({ status, message }).toEqual({ status: reused.status, message: reused.message });
    }
    expect(identity.lines.join('')).toContain('a refresh token was used twice');
    const { revocations: list } = await client.revocations();
    expect(list.map(({ sessionId }) => sessionId)).toEqual([first.sessionId]);
  });

  test.each(['', 'x', 'A'.repeat(44), `${'A'.repeat(42)}\u0000`])(
    'refuses %j, which is not a token of ours, without repeating it',
    async (token) => {
      const error = await refusal(client.refresh(token));
      expect(error.status).toBe('INVALID_ARGUMENT');
      expect(fieldsIn(error)).toEqual(['refresh_token']);
      if (token.length > 1) expect(error.message).not.toContain(token);
    },
  );

  test('keeps nothing of a token but its SHA-256', async () => {
    await client.open();
    const { refreshToken } = await client.signIn();
    const { rows } = await identity.pool.query<{ token_sha256: Buffer }>(
      'SELECT token_sha256 FROM refresh_tokens',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.token_sha256.toString('base64url')).not.toBe(refreshToken);
  });
});

describe('RevokeSession', () => {
  test('ends a session of the caller, and changes nothing the second time', async () => {
    const { accountId } = await client.open();
    const tokens = await client.signIn();
    identity.as({ subject: accountId, roles: ['customer'] });
    await client.revoke(tokens.sessionId);
    await client.revoke(tokens.sessionId);
    expect(await refusal(client.refresh(tokens.refreshToken))).toMatchObject({
      status: 'UNAUTHENTICATED',
    });
    expect((await client.revocations()).revocations).toHaveLength(1);
  });

  test('is refused for sessions of others as for those that are not there', async () => {
    await client.open();
    const { sessionId } = await client.signIn();
    identity.as({ subject: '00000000-0000-4000-8000-000000000000', roles: ['merchant'] });
    const others = await refusal(client.revoke(sessionId));
    expect(others.status).toBe('NOT_FOUND');
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x']) {
      const none = await refusal(client.revoke(id));
      expect(none).toMatchObject({ status: others.status, message: others.message });
    }
    identity.as(undefined);
    expect(await refusal(client.revoke(sessionId))).toMatchObject({ status: 'UNAUTHENTICATED' });
    identity.as({ subject: 'somebody', roles: ['support'] });
    await client.revoke(sessionId);
    expect((await client.revocations()).revocations).toHaveLength(1);
  });
});

describe('ListRevocations', () => {
  test('goes on after a cursor, also when there was nothing yet', async () => {
    const { accountId } = await client.open();
    identity.as({ subject: accountId, roles: ['customer'] });
    const { cursor, revocations: none } = await client.revocations();
    expect(none).toEqual([]);
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      const { sessionId } = await client.signIn();
      await client.revoke(sessionId);
      ids.push(sessionId);
    }
    const first = await client.revocations({ afterCursor: cursor, pageSize: 2 });
    const second = await client.revocations({ afterCursor: first.cursor });
    const third = await client.revocations({ afterCursor: second.cursor });
    expect([first, second, third].map((page) => page.revocations.length)).toEqual([2, 1, 0]);
    const seen = [...first.revocations, ...second.revocations];
    expect(seen.map(({ sessionId }) => sessionId)).toEqual(ids);
    const [entry] = seen;
    expect(timestampDate(present(entry?.expireTime)).getTime()).toBe(
      timestampDate(present(entry?.revokeTime)).getTime() + 360_000,
    );
  });

  test.each([
    ['page_size', { pageSize: -1 }],
    ['page_size', { pageSize: 1001 }],
    ['after_cursor', { afterCursor: 'x' }],
    ['after_cursor', { afterCursor: 'A'.repeat(33) }],
    ['after_cursor', { afterCursor: `${'A'.repeat(21)}P__________` }],
  ])('refuses a wrong %s (%#)', async (field, request) => {
    const error = await refusal(client.revocations(request));
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(fieldsIn(error)).toEqual([field]);
  });
});

test('whatever the contract allows is refused only for what there is', async () => {
  const { accountId } = await client.open();
  const { sessionId } = await client.signIn();
  identity.as({ subject: accountId, roles: ['customer'] });
  await askWhatIsAllowed(IdentityService, identity.handlers, {
    ...{ numRuns: 5, known: { accountId, sessionId, email: EMAIL }, call: () => callOf(identity) },
  });
}, 90_000);

test('ListKeys gives the members of an Ed25519 key for signatures, and no private one', async () => {
  const [key, ...others] = await client.listKeys();
  expect(others).toEqual([]);
  expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' });
  expect(key?.x).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(key?.kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
});
