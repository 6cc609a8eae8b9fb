import { describe, expect, test } from '@jest/globals';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import { allowedSpiffeIds } from './allow-list.ts';
import { buildGraph } from './build-graph.ts';
import { calleesOf, callOrder, edgeService } from './call-order.ts';
import { entriesBySpiffeId } from './entry-paths.ts';
import { databaseGrants, topicGrants } from './grants.ts';
import { landed } from './landed.ts';
import { postgres, redis } from './store.ts';
import { archive, door, samplePlatform, shelf, withService } from './testing/sample-platform.ts';

const graph = buildGraph(samplePlatform);

describe('spiffeId', () => {
  test('names the trust domain, the namespace and the service', () => {
    expect(spiffeId(graph, 'shelf')).toBe('spiffe://sample.local/ns/sample/sa/shelf');
  });
});

describe('entry paths', () => {
  const LIST = '/sample.shelf.v1.ShelfService/ListBooks';
  const READ = '/sample.archive.v1.ArchiveService/ReadEntry';
  const asking = buildGraph({
    ...samplePlatform,
    services: [
      { ...door, calls: door.calls.slice(0, 1) },
      { ...shelf, calls: [{ kind: 'call', service: archive, methods: ['readEntry'] }] },
      archive,
    ],
  });

  test('of a routed method are the method itself, from the edge', () => {
    expect(graph.entries['shelf']).toMatchObject({ [LIST]: { door: [LIST] } });
  });

  test('are none for what only tasks call', () => {
    expect(graph.entries['shelf']?.['/sample.shelf.v1.ShelfService/ImportBooks']).toEqual({});
  });

  test('are none for a method without a route that the edge calls', () => {
    expect(graph.entries['archive']).toEqual({ [READ]: {} });
  });

  test('go on through the calls of services, by caller', () => {
    expect(asking.entries['archive']).toEqual({ [READ]: { shelf: [LIST] } });
    const node = asking.services.find(({ name }) => name === 'archive');
    expect(node?.methods[0]?.actors).toEqual(['anonymous', 'system', 'user']);
  });

  test('are those of the services that are landed', () => {
    const { services, ...rest } = asking;
    const without = services.map((each) =>
      each.name === 'archive' ? { ...each, implemented: true } : each,
    );
    expect(landed({ ...rest, services: without }).entries['archive']).toEqual({
      [READ]: { shelf: [LIST] },
    });
    const noShelf = without.map((each) =>
      each.name === 'shelf' ? { ...each, implemented: false } : each,
    );
    expect(landed({ ...rest, services: noShelf }).entries['archive']).toEqual({ [READ]: {} });
  });

  test('are checked by SPIFFE ID', () => {
    expect(entriesBySpiffeId(graph, graph.entries['shelf'] ?? {})[LIST]).toEqual({
      'spiffe://sample.local/ns/sample/sa/door': [LIST],
    });
  });
});

describe('allowedSpiffeIds', () => {
  test('lists the identities that may call each method, and nobody for the rest', () => {
    const lonely = buildGraph(withService('door', { calls: door.calls.slice(0, 1) }));
    expect(allowedSpiffeIds(graph, 'shelf')).toEqual({
      '/sample.shelf.v1.ShelfService/ImportBooks': ['spiffe://sample.local/ns/sample/sa/filler'],
      '/sample.shelf.v1.ShelfService/ListBooks': ['spiffe://sample.local/ns/sample/sa/door'],
    });
    expect(allowedSpiffeIds(lonely, 'archive')).toEqual({
      '/sample.archive.v1.ArchiveService/ReadEntry': [],
    });
  });
});

describe('databaseGrants', () => {
  test('gives each database an owner that migrates and a role that cannot change the schema', () => {
    expect(databaseGrants(graph)).toEqual([
      {
        database: 'shelf',
        service: 'shelf',
        ownerRole: 'shelf_owner',
        serviceRole: 'shelf',
        appendOnly: [],
        migrations: 'services/shelf/migrations',
        binding: 'shelf-postgres',
      },
    ]);
  });

  test('says which tables only grow', () => {
    const store = postgres({
      name: 'shelf',
      migrations: 'services/shelf/migrations',
      appendOnly: ['loans'],
    });
    const [grant] = databaseGrants(buildGraph(withService('shelf', { stores: [store] })));
    expect(grant?.appendOnly).toEqual(['loans']);
  });

  test('says how long what they hold stays, which is whole days of a store that has such tables', () => {
    const migrations = 'services/shelf/migrations';
    const grantOf = (appendOnly: readonly string[], keepDays: number | null) => {
      const store = postgres({ name: 'shelf', migrations, appendOnly, keepDays });
      return databaseGrants(buildGraph(withService('shelf', { stores: [store] })))[0];
    };
    expect(grantOf(['loans'], null)).toMatchObject({ keepDays: null });
    expect(grantOf(['loans'], 90)).toMatchObject({ keepDays: 90 });
    expect(() => grantOf(['loans'], 89)).toThrow(
      "Store 'shelf': keepDays must be 90 to 36500, got 89",
    );
    expect(() => grantOf(['loans'], 90.5)).toThrow('keepDays must be');
    expect(() => grantOf([], 90)).toThrow('keepDays must be of a store with appendOnly tables');
  });

  test('writes names as SQL takes them without quotes', () => {
    const store = postgres({ name: 'old-books', migrations: 'services/shelf/migrations' });
    const [grant] = databaseGrants(buildGraph(withService('shelf', { stores: [store] })));
    expect(grant).toMatchObject({ database: 'old_books', ownerRole: 'old_books_owner' });
  });
});

describe('topicGrants', () => {
  test('lets publishers write and consumers read, and consumers write the dead-letter topic', () => {
    expect(topicGrants(graph)).toEqual([
      { principal: 'shelf', topic: 'shelf.events.v1', operation: 'Write' },
      { principal: 'archive', topic: 'shelf.events.v1', operation: 'Read' },
      { principal: 'archive', topic: 'shelf.events.v1.dlq', operation: 'Write' },
    ]);
  });
});

describe('landed', () => {
  test('keeps the services that have code and the calls between them', () => {
    const { services, calls, allow } = landed(graph);
    expect(services.map(({ name }) => name)).toEqual(['door', 'shelf']);
    expect(calls.map(({ from, to }) => [from, to])).toEqual([
      ['door', 'shelf'],
      ['filler', 'shelf'],
    ]);
    expect(Object.keys(allow)).toEqual(['door', 'shelf']);
  });

  test('drops a caller without code from the allow-list of a service that has some', () => {
    const half = landed(buildGraph(withService('door', { implemented: false })));
    expect(half.allow['shelf']).toMatchObject({ '/sample.shelf.v1.ShelfService/ListBooks': [] });
  });

  test('keeps a topic as soon as who publishes it has code, with the consumers that have', () => {
    expect(landed(graph).topics).toMatchObject([{ name: 'shelf.events.v1', consumers: [] }]);
    const whole = landed(buildGraph(withService('archive', { implemented: true })));
    expect(whole.topics).toMatchObject([{ name: 'shelf.events.v1', consumers: ['archive'] }]);
    const half = landed(buildGraph(withService('shelf', { implemented: false })));
    expect(half.topics).toEqual([]);
  });

  test('drops a task whose callee has no code', () => {
    const half = landed(buildGraph(withService('shelf', { implemented: false })));
    expect(half.tasks).toEqual([]);
  });

  test('drops a store that no code uses', () => {
    const stores = [...shelf.stores, redis({ name: 'shelf', implemented: false })];
    const [, node] = landed(buildGraph(withService('shelf', { stores }))).services;
    expect(node?.stores.map(({ binding }) => binding)).toEqual(['shelf-postgres']);
  });

  test('keeps the slots of services, whichever of them have no code', () => {
    expect(landed(graph).services.map(({ slot }) => slot)).toEqual([0, 1]);
  });
});

describe('callOrder', () => {
  test('puts each service after those that it calls', () => {
    expect(callOrder(graph).map(({ name }) => name)).toEqual(['archive', 'shelf', 'door']);
    expect(calleesOf(graph, archive.name)).toEqual([]);
    expect(edgeService(graph).name).toBe('door');
  });
});
