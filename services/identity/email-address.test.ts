import { describe, expect, test } from '@jest/globals';
import { emailKeyOf } from './email-address.ts';

describe('the key of an e-mail address', () => {
  test.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann.O’Neil+shop@Example.COM', 'ann.o’neil+shop@example.com'],
    // Full width, as typed with an input method.
    ['ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ann@example.com'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
    // Decomposed and composed are the same person.
    ['andre\u0301@example.com', 'andr\u00e9@example.com'],
  ])('of %s is %s', (email, key) => {
    expect(emailKeyOf(email)).toBe(key);
  });

  test.each([
    '',
    '@',
    'ann',
    'ann@',
    '@example.com',
    'ann@localhost',
    'ann@127.0.0.1]',
    'ann@[127.0.0.1]',
    'ann smith@example.com',
    'ann\u00a0smith@example.com',
    'ann\u0000@example.com',
    'ann@exam ple.com',
    'ann@-example.com',
    'a@b@example.com',
    'a＠b@example.com',
    '"ann"@example.com',
    'ann@example..com',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a'.repeat(251)}.com`,
  ])('of %j is none', (email) => {
    expect(emailKeyOf(email)).toBeUndefined();
  });
});
