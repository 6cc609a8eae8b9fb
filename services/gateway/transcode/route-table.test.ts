import { beforeAll, describe, expect, test } from '@jest/globals';
import { PUBLIC_SERVICES } from '../gen/public-contracts.ts';
import { loadFixture } from '../testing/fixture.ts';
import { buildRouteTable, findRoute } from './route-table.ts';
import type { RouteTable } from './route-table.ts';

let routes: RouteTable;
beforeAll(async () => {
  ({ routes } = await loadFixture());
});

/** The method that a request leads to, or why it leads nowhere. */
function lead(verb: string, path: string): string {
  const match = findRoute(routes, verb, path);
  switch (match.kind) {
    case 'found':
      return match.binding.method.name;
    case 'wrong-verb':
      return match.allowed.join(' ');
    case 'unknown':
      return 'unknown';
  }
}

describe('a route table', () => {
  test.each([
    ['GET', '/v1/things', 'ListThings'],
    ['HEAD', '/v1/things', 'ListThings'],
    ['get', '/v1/things', 'GET HEAD OPTIONS POST'],
    ['GET', '/v1/things/latest', 'GetLatestThing'],
    ['GET', '/v1/things/early', 'GetThing'],
    ['POST', '/v1/things/1:archive', 'ArchiveThing'],
    ['GET', '/v1/things/1:archive', 'GetThing'],
    ['POST', '/v1/things/1:other', 'DELETE GET HEAD OPTIONS PATCH'],
    ['POST', '/v1/shelves/1/boxes/2/things', 'CreateThing'],
    ['PUT', '/v1/things/1/tags', 'SetTags'],
    ['GET', '/v1/things/1/tags', 'OPTIONS PUT'],
    ['GET', '/v1/files/things/1', 'GetFile'],
    ['GET', '/v2/things', 'unknown'],
  ])('leads %s %s to %s', (verb, path, expected) => {
    expect(lead(verb, path)).toBe(expected);
  });

  test('has only annotated methods', () => {
    const names = routes.bindings.map(({ method }) => method.name);
    expect(names).not.toContain('InternalThing');
    expect(names).not.toContain('WatchThings');
  });

  test('refuses two methods that claim the same verb and path', async () => {
    const { service } = await loadFixture();
    expect(() => buildRouteTable([service, service])).toThrow(/is claimed by .* and /);
  });

  test('of the public services is free of conflicts, and has no internal method', () => {
    const { bindings } = buildRouteTable(PUBLIC_SERVICES.map(([, service]) => service));
    const names = bindings.map(({ method }) => method.name);
    expect(names).toEqual(expect.arrayContaining(['ListProducts', 'GetProduct']));
    expect(names).not.toContain('ImportProducts');
  });
});
