import { describe, expect, test } from '@jest/globals';
import { TokenCache } from './token-cache.ts';
import type { VerifiedToken } from './token-cache.ts';

const verified = (subject: string, expirySeconds = 1_000): VerifiedToken => ({
  subject,
  roles: [],
  sessionId: 's',
  kid: 'k',
  expirySeconds,
});

describe('TokenCache', () => {
  test('knows a token by all of its bytes', () => {
    const cache = new TokenCache();
    cache.set('a.b.c', verified('one'));
    expect(cache.get('a.b.c', 0)).toEqual(verified('one'));
    expect(cache.get('a.b.d', 0)).toBeUndefined();
    expect(cache.get('a.b.c ', 0)).toBeUndefined();
  });

  test('forgets a token when it expires', () => {
    const cache = new TokenCache();
    cache.set('token', verified('one', 1_000));
    expect(cache.get('token', 999_999)).toBeDefined();
    expect(cache.get('token', 1_000_000)).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  test('is bounded, and drops what was not used for longest', () => {
    const cache = new TokenCache(2);
    cache.set('one', verified('one'));
    cache.set('two', verified('two'));
    cache.get('one', 0);
    cache.set('three', verified('three'));
    expect(['one', 'two', 'three'].map((token) => cache.get(token, 0)?.subject)).toEqual([
      'one',
      undefined,
      'three',
    ]);
    expect(cache.size).toBe(2);
  });
});
