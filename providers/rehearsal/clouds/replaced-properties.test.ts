import { expect, test } from '@jest/globals';
import { cloudType, referredTo } from './cloud-types.ts';
import type { CloudSchema } from './cloud-types.ts';
import { REPLACED } from './replaced-properties.ts';

function hasProperty(given: CloudSchema, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  const below = referredTo(given).properties?.[key];
  return below !== undefined && hasProperty(below, rest);
}

test('every property of which something is said is one that its type has', () => {
  const wrong = Object.entries(REPLACED).flatMap(([token, { replaced, sometimes = [], kept }]) =>
    [...replaced, ...sometimes, ...(kept === 'all' ? [] : kept)]
      .filter((property) => !hasProperty(cloudType(token)?.inputs ?? {}, property.split('.')))
      .map((property) => `${token} ${property}`),
  );
  expect(wrong).toEqual([]);
});

test('every row names where it is from', () => {
  for (const { source } of Object.values(REPLACED)) {
    expect(source).toMatch(/^terraform-provider-(aws|cloudflare).*\.go/);
  }
});
