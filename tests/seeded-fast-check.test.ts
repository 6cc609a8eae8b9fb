import { expect, test } from '@jest/globals';
import fc from 'fast-check';

test('properties have the seed of every run, unless somebody asks for another', () => {
  const asked = process.env['MERIDIAN_PROPERTY_SEED'] ?? '1';
  const drawn = fc.readConfigureGlobal().seed;
  expect(drawn).toBe(asked === 'random' ? undefined : Number(asked));
});
