import { expect, test } from '@jest/globals';
import { cloudType, inputsValidator, knownCloudTypes } from './cloud-types.ts';
import { LIMITS } from './limit-table.ts';
import { referredTo } from './cloud-types.ts';
import type { CloudSchema } from './cloud-types.ts';

test('every schema compiles', () => {
  for (const token of knownCloudTypes()) expect(inputsValidator(token)).toBeDefined();
});

test('nothing is known of what the platform does not make', () => {
  expect(cloudType('aws:sqs/queue:Queue')).toBeUndefined();
  expect(cloudType('gcp:storage/bucket:Bucket')).toBeUndefined();
});

/** Whether a type has a property at a path. */
function hasProperty(given: CloudSchema, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  const schema = referredTo(given);
  const below = key === '*' ? schema.items : schema.properties?.[key];
  return below !== undefined && hasProperty(below, rest);
}

test('every limit is of a property that its type has', () => {
  const wrong = Object.entries(LIMITS).flatMap(([token, limits]) =>
    limits
      .filter(({ property }) => !hasProperty(cloudType(token)?.inputs ?? {}, property.split('.')))
      .map(({ property }) => `${token} ${property}`),
  );
  expect(wrong).toEqual([]);
});
