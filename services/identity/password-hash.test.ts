import { describe, expect, test } from '@jest/globals';
import { argon2Sync } from 'node:crypto';
import { hashPassword, NOBODYS_HASH, verifyPassword } from './password-hash.ts';
import { PasswordHasher } from './password-hasher.ts';

const signal = new AbortController().signal;

describe('the hash of a password', () => {
  test('is a PHC string with the cost that OWASP asks for and a salt of its own', async () => {
    const [first, second] = await Promise.all([hashPassword('one two'), hashPassword('one two')]);
    expect(first).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    expect(first).not.toBe(second);
  });

  test('verifies its password however it is typed, and no other', async () => {
    const hash = await hashPassword('caf\u00e9 au lait \u212b');
    expect(await verifyPassword('cafe\u0301 au lait \u00c5', hash)).toBe(true);
    expect(await verifyPassword('cafe au lait \u00c5', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  test('of another cost and salt length, such as of an import, verifies too', async () => {
    const salt = Buffer.from('0123456789');
    const cost = { memory: 64, passes: 3, parallelism: 2 };
    const tag = argon2Sync('argon2id', { ...cost, message: 'old', nonce: salt, tagLength: 16 });
    const phc = [salt, tag].map((bytes) => bytes.toString('base64').replace(/=+$/, '')).join('$');
    expect(await verifyPassword('old', `$argon2id$v=19$m=64,t=3,p=2$${phc}`)).toBe(true);
    expect(await verifyPassword('new', `$argon2id$v=19$m=64,t=3,p=2$${phc}`)).toBe(false);
  });

  test('that cannot be read is an error that does not repeat it', async () => {
    const broken = '$2b$10$secretsecretsecret';
    const error = await verifyPassword('x', broken).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toContain('secret');
  });
});

describe('hashing', () => {
  test('without an account finds every password wrong at the same cost', async () => {
    const hasher = new PasswordHasher();
    expect(await hasher.verify('anything at all', undefined, signal)).toBe(false);
    const [, , , cost] = NOBODYS_HASH.split('$');
    const [, , , usual] = (await hashPassword('x')).split('$');
    expect(cost).toBe(usual);
    expect(NOBODYS_HASH).toHaveLength((await hashPassword('x')).length);
  });

  test('does so many at once, lets so many wait, and refuses the rest with a time to return', async () => {
    const hasher = new PasswordHasher({ concurrency: 1, queueDepth: 2 });
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c', 'd', 'e'].map((password) => hasher.hash(password, signal)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'fulfilled'],
      ...['rejected', 'rejected'],
    ]);
    expect(outcomes[4]).toMatchObject({ reason: { status: 'RESOURCE_EXHAUSTED' } });
    expect(await hasher.hash('f', signal)).toMatch(/^\$argon2id/);
  });

  test('gives up the place of a caller who left', async () => {
    const hasher = new PasswordHasher({ concurrency: 1, queueDepth: 1 });
    const first = hasher.hash('a', signal);
    const gone = new AbortController();
    const left = hasher.hash('b', gone.signal);
    gone.abort();
    await expect(left).rejects.toMatchObject({ status: 'CANCELLED' });
    const next = hasher.hash('c', signal);
    expect(await Promise.all([first, next])).toHaveLength(2);
  });
});
