import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { EntryStore } from './entry-store.ts';
import type { EntryFilter } from './entry-store.ts';
import { EventStore } from './event-store.ts';
import { sealPending } from './testing/seal-pending.ts';
import { CATALOG, ORDERS, someEvent } from './testing/events.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const STOCK = { source: CATALOG, subject: 'p-1/stock', type: 'meridian.catalog.v1.StockChanged' };

/** In the order of the log. */
const EVENTS = [
  someEvent('order 1', { version: 1n, time: at(1) }),
  someEvent('stock 1', { ...STOCK, version: 1n, time: at(3), causationId: 'order 1' }),
  // The clock of the replica that told of it was behind.
  someEvent('stock 2', { ...STOCK, version: 2n, time: at(2), correlationId: 'o-2' }),
  someEvent('stock 3', { ...STOCK, version: 3n, time: at(9), correlationId: 'o-3' }),
  someEvent('order 2', { version: 2n, time: at(4) }),
  someEvent('order 1', { source: CATALOG, subject: 'o-1', correlationId: 'another', time: at(5) }),
];

const ALL = { from: 0n, to: 1_000_000n };
const NONE: EntryFilter = { source: '', subject: '', correlationId: '', type: '', eventId: '' };

let world: DatabaseWorld;
let database: Database;
let store: EntryStore;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  const superuser = await world.createDatabase('audit', 'services/audit/migrations');
  ({ database } = await world.open('audit'));
  await new EventStore(database).add(EVENTS);
  await sealPending(superuser);
  store = new EntryStore(database);
}, 60_000);

afterAll(() => world.close());

async function indexes(filter: Partial<EntryFilter>, range = ALL, limit = 100): Promise<bigint[]> {
  const { entries } = await store.list({ ...NONE, ...filter }, range, limit);
  return entries.map(({ index }) => index);
}

test('an entry has its event as it was added', async () => {
  expect(await store.size()).toBe(6n);
  expect(await store.get(1n)).toMatchObject({ index: 1n, event: EVENTS[1] });
  expect(await store.get(6n)).toBeUndefined();
});

test.each<[string, Partial<EntryFilter>, readonly bigint[]]>([
  ['nothing', {}, [0n, 1n, 2n, 3n, 4n, 5n]],
  ['a subject, of every service that has one', { subject: 'o-1' }, [0n, 4n, 5n]],
  ['an aggregate', { subject: 'o-1', source: ORDERS }, [0n, 4n]],
  ['what belongs to an order', { correlationId: 'o-1' }, [0n, 1n, 4n]],
  ['the same of a type', { correlationId: 'o-1', type: STOCK.type }, [1n]],
  ['an event, of every service that has one', { eventId: 'order 1' }, [0n, 5n]],
  ['a service', { source: CATALOG }, [1n, 2n, 3n, 5n]],
  ['a type', { type: STOCK.type }, [1n, 2n, 3n]],
  ['what there is none of', { subject: 'o-9' }, []],
])('entries are found by %s', async (_title, filter, expected) => {
  expect(await indexes(filter)).toEqual(expected);
  const range = { from: 1n, to: 5n };
  const within = expected.filter((index) => index >= 1n && index < 5n);
  expect(await indexes(filter, range)).toEqual(within);
  expect(await indexes(filter, range, 1)).toEqual(within.slice(0, 1));
});

test('a page says where the next one begins, and ends where it has enough bytes', async () => {
  const page = await store.list({ ...NONE, subject: 'o-1' }, ALL, 2);
  expect(page.next).toBe(5n);
  const superuser = await world.createDatabase('large', 'services/audit/migrations');
  const large = (await world.open('large')).database;
  const data = Buffer.alloc(500_000);
  await new EventStore(large).add(['a', 'b', 'c'].map((id) => someEvent(id, { data })));
  await sealPending(superuser);
  const entries = new EntryStore(large);
  const seen: [number, bigint | undefined][] = [];
  for (let from: bigint | undefined = 0n; from !== undefined;) {
    const { entries: found, next } = await entries.list(NONE, { ...ALL, from }, 100);
    seen.push([found.length, next]);
    from = next;
  }
  expect(seen).toEqual([
    [1, 1n],
    [1, 2n],
    [1, undefined],
  ]);
  // Of leaves, which have the hash of such data.
  expect(await entries.events(1n, 5_000)).toHaveLength(2);
});

test('the state at a time is the highest version that was told by then, whatever the clocks say', async () => {
  const stateAt = async (second: number): Promise<string | undefined> =>
    (await store.stateAt(CATALOG, STOCK.subject, at(second)))?.event.id;
  expect(await stateAt(1)).toBeUndefined();
  expect(await stateAt(2)).toBe('stock 2');
  expect(await stateAt(8)).toBe('stock 2');
  expect(await stateAt(9)).toBe('stock 3');
  expect(await store.stateAt(ORDERS, STOCK.subject, at(9))).toBeUndefined();
});
