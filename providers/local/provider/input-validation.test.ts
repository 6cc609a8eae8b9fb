import { runtime } from '@pulumi/pulumi';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { isUnknown, problemsOf } from './input-validation.ts';

const schema = z.strictObject({
  port: z.int().min(1024, 'must be 1024 to 65535'),
  listens: z.array(z.strictObject({ address: z.ipv4('must be an IPv4 address') })),
});

describe('validation of inputs', () => {
  test('reports every problem with its path, what is allowed and what was given', () => {
    expect(problemsOf(schema, { port: 80, listens: [{ address: 'here' }] })).toEqual([
      { property: 'port', reason: 'must be 1024 to 65535, got 80' },
      { property: 'listens[0].address', reason: 'must be an IPv4 address, got "here"' },
    ]);
  });

  test('takes what a preview does not know yet as right, also a whole list', () => {
    const unknown = runtime.unknownValue;
    expect(problemsOf(schema, { port: unknown, listens: [{ address: unknown }] })).toEqual([]);
    expect(problemsOf(schema, { port: 2000, listens: unknown })).toEqual([]);
    expect(problemsOf(schema, { port: 80, listens: unknown })).toHaveLength(1);
  });

  test('refuses a secret, which would lie in the clear', () => {
    const secret = { [runtime.specialSigKey]: runtime.specialSecretSig, value: 'x' };
    expect(problemsOf(schema, { port: 2000, listens: [{ address: secret }] })).toEqual([
      { property: 'listens[0].address', reason: expect.stringContaining('must not be secret') },
    ]);
  });

  test('finds an unknown value however deep it lies', () => {
    expect(isUnknown({ a: [{ b: runtime.unknownValue }] })).toBe(true);
    expect(isUnknown({ a: [{ b: 'known' }] })).toBe(false);
  });
});
