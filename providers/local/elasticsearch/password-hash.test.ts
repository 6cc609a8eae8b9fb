import { expect, test } from '@jest/globals';
import { hashPassword, isHashOf } from './password-hash.ts';

test('a password has another hash each time, and each is its own', () => {
  const hashes = [hashPassword('open sesame'), hashPassword('open sesame')];
  expect(new Set(hashes).size).toBe(2);
  for (const hash of hashes) {
    expect(hash).toMatch(/^\{SSHA256\}[A-Za-z0-9+/]{11}=[A-Za-z0-9+/]{43}=$/);
    expect(isHashOf(hash, 'open sesame')).toBe(true);
    expect(isHashOf(hash, 'open Sesame')).toBe(false);
  }
});

test.each(['', 'open sesame', '{SSHA256}', '{MD5}open sesame'])(
  '%p is the hash of no password',
  (text) => {
    expect(isHashOf(text, 'open sesame')).toBe(false);
    expect(isHashOf(text, '')).toBe(false);
  },
);
