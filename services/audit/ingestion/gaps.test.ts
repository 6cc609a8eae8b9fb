import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { Pool } from 'pg';
import { EventStore } from '../event-store.ts';
import { sealPending } from '../testing/seal-pending.ts';
import { CATALOG, someEvent } from '../testing/events.ts';
import { countGaps, lookForGaps } from './gaps.ts';

let world: DatabaseWorld;
let superuser: Pool;
let database: Database;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  superuser = await world.createDatabase('audit', 'services/audit/migrations');
  ({ database } = await world.open('audit'));
}, 60_000);

afterAll(() => world.close());

test('a version that is missing is a gap until it comes, or a baseline says from where history is told', async () => {
  const store = new EventStore(database);
  const version = (id: string, subject: string, number: bigint, more = {}) =>
    someEvent(id, { subject, version: number, ...more });
  const add = async (...events: Parameters<EventStore['add']>[0]): Promise<number> => {
    await store.add(events);
    await sealPending(superuser);
    while (await lookForGaps(database, 0));
    return countGaps(database);
  };
  expect(await add(version('a1', 'a', 1n), version('a2', 'a', 2n), version('b2', 'b', 2n))).toBe(1);
  // Two in one aggregate are one, those of another service its own, and nothing is missing before an unknown version.
  expect(
    await add(version('a5', 'a', 5n), version('a3', 'a', 3n), someEvent('c', { subject: 'c' })),
  ).toBe(2);
  expect(await add(version('x', 'a', 2n, { source: CATALOG }))).toBe(3);
  expect(await add(version('y', 'a', 1n, { source: CATALOG }))).toBe(2);
  expect(await add(version('a4', 'a', 4n))).toBe(1);
  expect(await add(version('b', 'b', 3n, { kind: 'baseline' }), version('b4', 'b', 4n))).toBe(0);
  expect(await add(version('b6', 'b', 6n))).toBe(1);
});

test('an event that is younger than a minute may still be overtaken', async () => {
  await new EventStore(database).add([someEvent('young', { subject: 'young', version: 2n })]);
  await sealPending(superuser);
  const before = await countGaps(database);
  expect(await lookForGaps(database)).toBe(false);
  expect(await countGaps(database)).toBe(before);
  expect(await lookForGaps(database, 0)).toBe(false);
  expect(await countGaps(database)).toBe(before + 1);
});
