import { describe, expect, test } from '@jest/globals';
import {
  hashPassword,
  isCurrentHash,
  nobodysHash,
  stretchPassword,
  verifyPassword,
} from './password-hash.ts';
import { DEFAULT_HASHING_LIMITS, PasswordHasher } from './password-hasher.ts';
import { cheapHash } from './testing/cheap-hash.ts';
import { TEST_COST } from './testing/test-cost.ts';

const signal = new AbortController().signal;

const hasherOf = (limits = DEFAULT_HASHING_LIMITS) => new PasswordHasher(limits, TEST_COST);

describe('the hash of a password', () => {
  test('is a PHC string with the cost that OWASP asks for and a salt of its own', async () => {
    const [first, second] = await Promise.all([hashPassword('one two'), hashPassword('one two')]);
    expect(first).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    expect(first).not.toBe(second);
  });

  test('verifies its password however it is typed, and no other', async () => {
    const hash = await hashPassword('caf\u00e9 au lait \u212b', TEST_COST);
    expect(await verifyPassword('cafe\u0301 au lait \u00c5', hash)).toBe(true);
    expect(await verifyPassword('cafe au lait \u00c5', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  test('of another cost and salt length, such as of an import, verifies too', async () => {
    const hash = cheapHash('old');
    expect(await verifyPassword('old', hash)).toBe(true);
    expect(await verifyPassword('new', hash)).toBe(false);
  });

  test('is a current one with this cost, salt and tag only', async () => {
    const hash = await hashPassword('one two');
    expect(isCurrentHash(hash)).toBe(true);
    const others = [
      ...[cheapHash('one two'), hash.replace('t=2', 't=1'), hash.replace('m=19456', 'm=19457')],
      ...[hash.replace('v=19', 'v=16'), hash.slice(0, -1), `${hash}A`],
    ];
    expect(others.filter((other) => isCurrentHash(other))).toEqual([]);
  });

  test('that cannot be read is an error that does not repeat it', async () => {
    const broken = '$2b$10$secretsecretsecret';
    const error = await verifyPassword('x', broken).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toContain('secret');
  });
});

describe('hashing', () => {
  test('is at the cost that OWASP asks for unless another is given', async () => {
    const hasher = new PasswordHasher();
    expect(isCurrentHash(await hasher.hash('x', signal))).toBe(true);
    expect(isCurrentHash(nobodysHash())).toBe(true);
    const stretched = await hasher.stretch('x', 'a test', signal);
    expect(stretched).toEqual(await stretchPassword('x', 'a test'));
    expect(stretched).not.toEqual(await stretchPassword('x', 'a test', TEST_COST));
  });

  test('without an account finds every password wrong at the same cost', async () => {
    const hasher = hasherOf();
    expect(await hasher.verify('anything at all', undefined, signal)).toBe(false);
    const nobodys = nobodysHash(TEST_COST);
    const [, , , cost] = nobodys.split('$');
    const usual = await hasher.hash('x', signal);
    expect(cost).toBe(usual.split('$')[3]);
    expect(nobodys).toHaveLength(usual.length);
  });

  test('once more is of a right password whose hash is not current, and of no other', async () => {
    const hasher = hasherOf();
    const current = await hashPassword('one two', TEST_COST);
    const renew = (password: string, hash?: string) =>
      hasher.verifyAndRenew(password, hash, signal);
    const { right, newHash = '' } = await renew('one two', cheapHash('one two'));
    expect([right, isCurrentHash(newHash, TEST_COST)]).toEqual([true, true]);
    expect(await verifyPassword('one two', newHash)).toBe(true);
    expect(await renew('one two', current)).toEqual({ right: true });
    expect(await renew('wrong', cheapHash('one two'))).toEqual({ right: false });
    expect(await renew('wrong', current)).toEqual({ right: false });
    expect(await renew('anything at all')).toEqual({ right: false });
  });

  test('does so many at once, lets so many wait, and refuses the rest with a time to return', async () => {
    const hasher = hasherOf({ concurrency: 1, queueDepth: 2 });
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c', 'd', 'e'].map((password) => hasher.hash(password, signal)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'fulfilled'],
      ...['rejected', 'rejected'],
    ]);
    expect(outcomes[4]).toMatchObject({ reason: { status: 'UNAVAILABLE' } });
    expect(await hasher.hash('f', signal)).toMatch(/^\$argon2id/);
  });

  test('gives up the place of a caller who left', async () => {
    const hasher = hasherOf({ concurrency: 1, queueDepth: 1 });
    const first = hasher.hash('a', signal);
    const gone = new AbortController();
    const left = hasher.hash('b', gone.signal);
    gone.abort();
    await expect(left).rejects.toMatchObject({ status: 'CANCELLED' });
    const next = hasher.hash('c', signal);
    expect(await Promise.all([first, next])).toHaveLength(2);
  });
});
