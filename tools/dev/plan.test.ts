import { describe, expect, test } from '@jest/globals';
import { isGenerated, planOf } from './plan.ts';

const NOTHING = { generates: false, lowers: false, migrations: [], packages: [], code: [] };

describe('a change of files', () => {
  test.each([
    ['services/catalog/handler.ts', {}],
    ['services/kit/rpc/server.ts', {}],
    ['language/thrown.ts', {}],
    ['services/catalog/service.ts', { lowers: true }],
    ['services/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js', { lowers: true }],
  ])('of code is for new replicas: %s', (file, more) => {
    expect(planOf([file])).toEqual({ ...NOTHING, code: [file], ...more });
  });

  test.each([
    ['infra/platform.ts', { lowers: true }],
    ['components/service/local.ts', { lowers: true }],
    [
      'services/catalog/contract/proto/meridian/catalog/v1/catalog.proto',
      { generates: true, lowers: true },
    ],
  ])('of a declaration or contract is read before: %s', (file, more) => {
    expect(planOf([file])).toEqual({ ...NOTHING, ...more });
  });

  test('of a migration is for Pulumi, and of packages for a person', () => {
    const migration = 'services/catalog/migrations/0009_more.sql';
    const files = [migration, 'package-lock.json', 'services/catalog/package.json'];
    expect(planOf(files)).toEqual({
      ...NOTHING,
      lowers: true,
      migrations: [migration],
      packages: ['package-lock.json', 'services/catalog/package.json'],
    });
  });

  test.each([
    'services/catalog/handler.test.ts',
    'services/kit/testing/world.ts',
    'services/catalog/handler.ts~',
    'services/catalog/.handler.ts.swp',
  ])('of what no service runs is for nobody: %s', (file) => {
    expect(planOf([file])).toEqual(NOTHING);
  });

  test('of what contracts gave is for those that call it, too', () => {
    expect(isGenerated('services/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js')).toBe(
      true,
    );
    expect(isGenerated('services/gateway/gen/comments.json')).toBe(true);
    expect(isGenerated('services/catalog/handler.ts')).toBe(false);
  });
});
