import { afterAll, beforeAll, test } from '@jest/globals';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import fc from 'fast-check';
import { followHistory } from './testing/follow-history.ts';
import type { CatalogDatabase } from './testing/follow-history.ts';
import { stockRequests } from './testing/stock-requests.ts';

let world: DatabaseWorld;
let opened: CatalogDatabase;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  const pool = await world.createDatabase('catalog', 'services/catalog/migrations');
  opened = { pool, database: (await world.open('catalog')).database };
}, 90_000);

afterAll(() => world.close());

test('catalog answers every history of requests as its model does, and keeps the same', async () => {
  const histories = stockRequests({ maxLength: 40 });
  const follow = fc.asyncProperty(histories, (history) => followHistory(opened, history));
  await fc.assert(follow, { numRuns: 25 });
}, 60_000);
