import { afterAll, beforeAll, test } from '@jest/globals';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import fc from 'fast-check';
import { followHistory } from '../../services/catalog/testing/follow-history.ts';
import type { CatalogDatabase } from '../../services/catalog/testing/follow-history.ts';
import { stockRequests } from '../../services/catalog/testing/stock-requests.ts';

let world: DatabaseWorld;
let opened: CatalogDatabase;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  const pool = await world.createDatabase('catalog', 'services/catalog/migrations');
  opened = { pool, database: (await world.open('catalog')).database };
}, 300_000);

afterAll(() => world.close());

test(
  'catalog answers 1,000 long histories of requests as its model does, and keeps the same',
  async () => {
    const histories = stockRequests({ maxLength: 120 });
    const follow = fc.asyncProperty(histories, (history) => followHistory(opened, history));
    await fc.assert(follow, { numRuns: 1000 });
  },
  30 * 60_000,
);
