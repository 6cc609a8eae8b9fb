import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { EventStore } from './event-store.ts';
import { HistoryStore } from './history-store.ts';
import { CATALOG, ORDERS, someEvent } from './testing/log-world.ts';
import { sealPending } from './testing/seal-pending.ts';

let world: DatabaseWorld;
let histories: HistoryStore;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  const superuser = await world.createDatabase('audit', 'services/audit/migrations');
  const { database } = await world.open('audit');
  const events = new EventStore(database);
  const version = (subject: string, number: bigint | undefined, id = `${subject}${number ?? ''}`) =>
    someEvent(id, { subject, version: number });
  await events.add([
    ...[version('b', 2n), version('a', 10n), version('a', 9n), version('b', 1n)],
    // Of an earlier program, and one version told twice.
    ...[
      version('a', undefined, 'a-old'),
      version('a', undefined, 'a-older'),
      version('a', 9n, 'a9-again'),
    ],
    someEvent('c1', { source: CATALOG, subject: 'c', version: 1n }),
  ]);
  await sealPending(superuser);
  await events.add([version('a', 9n, 'a9-waits'), version('b', 3n)]);
  histories = new HistoryStore(database);
}, 60_000);

afterAll(() => world.close());

async function walk(source: string, subjects: readonly string[], size: number): Promise<string[]> {
  const ids: string[] = [];
  for (let place: string | undefined, more = true; more;) {
    const { entries, next } = await histories.list(source, subjects, size, place);
    ids.push(...entries.map(({ event }) => event.id));
    [place, more] = [next, next !== undefined];
  }
  return ids;
}

test.each([1, 2, 3, 100])(
  'aggregates are told one after the other, in pages of %i, but for what waits for its place',
  async (size) => {
    const a = ['a9', 'a9-again', 'a10', 'a-old', 'a-older'];
    expect(await walk(ORDERS, [], size)).toEqual([...a, 'b1', 'b2']);
    expect(await walk(ORDERS, ['b', 'c'], size)).toEqual(['b1', 'b2']);
    expect(await walk(ORDERS, ['a'], size)).toEqual(a);
    expect(await walk(CATALOG, [], size)).toEqual(['c1']);
  },
);
