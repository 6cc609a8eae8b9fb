import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { requestCheck } from '@meridian/kit/constraints/check-request.ts';
import { validMessages } from '@meridian/kit/constraints/testing/arbitraries.ts';
import fc from 'fast-check';
import { CreateAccountRequestSchema } from './contract/gen/meridian/identity/v1/identity_pb.js';
import type { CreateAccountRequest } from './contract/gen/meridian/identity/v1/identity_pb.js';
import { emailKeyOf } from './email-address.ts';

const check = requestCheck(CreateAccountRequestSchema);

const checked = (email: string): string => {
  check?.(create(CreateAccountRequestSchema, { email, password: 'seven blue lanterns' }));
  return emailKeyOf(email);
};

describe('the key of an e-mail address', () => {
  test.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann.O’Neil+shop@Example.COM', 'ann.o’neil+shop@example.com'],
    // Full width, as typed with an input method.
    ['ａｎｎ@ｅｘａｍｐｌｅ.ｃｏｍ', 'ann@example.com'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
    ['ann@straße.example', 'ann@xn--strae-oqa.example'],
    // Decomposed and composed are the same person.
    ['andre\u0301@example.com', 'andr\u00e9@example.com'],
    // IDNA has no form of these.
    ['ann@Xn--a.example', 'ann@xn--a.example'],
    ['ann@\u2100.example', 'ann@\u2100.example'],
    [`${'\ufdfa'.repeat(64)}@example.com`, `${'\ufdfa'.repeat(64)}@example.com`],
  ])('of %s is %s', (email, key) => {
    expect(checked(email)).toBe(key);
  });

  test('is there for whatever the contract allows, the same in capitals, and fits an index', () => {
    fc.assert(
      fc.property(validMessages(CreateAccountRequestSchema), (request) => {
        const { email } = request as CreateAccountRequest;
        const key = emailKeyOf(email);
        expect(key).toMatch(/^.+@.+$/su);
        expect(Buffer.byteLength(key)).toBeLessThan(2_700);
        expect(emailKeyOf(email.toLowerCase())).toBe(key);
      }),
    );
  });
});

test.each([
  '',
  '@',
  'ann',
  'ann@',
  '@example.com',
  'ann@localhost',
  'ann@127.0.0.1',
  'ann@127.0.0.1]',
  'ann@[127.0.0.1]',
  'ann smith@example.com',
  'ann\u00a0smith@example.com',
  'ann\u200b@example.com',
  'ann\u0000@example.com',
  'ann@exam ple.com',
  'ann@-example.com',
  'a@b@example.com',
  '"ann"@example.com',
  'ann@example..com',
  `${'a'.repeat(65)}@example.com`,
  `ann@${'a'.repeat(64)}.com`,
  `ann@${'a.'.repeat(130)}com`,
])('%j is not an e-mail address', (email) => {
  expect(() => checked(email)).toThrow(/^email must (be an e-mail address|have at most 254)/);
});
