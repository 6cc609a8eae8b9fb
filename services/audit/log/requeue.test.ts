import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EventStore } from '../event-store.ts';
import { eventOf } from '../testing/events.ts';
import { LogWorld } from '../testing/log-world.ts';
import { sealPending } from '../testing/seal-pending.ts';
import { requeue } from './requeue.ts';

const FIRST = {
  ...{ source: 'log:sample/audit/1', id: '7', type: 'meridian.audit.Predecessor' },
  ...{
    subject: 'sample/audit/1',
    correlationId: 'sample/audit/1:5',
    data: Buffer.from('the last head'),
  },
};
const SEALED = ['a-1', 'a-2', 'a-3', 'a-4', 'a-5'];
const WAITING = ['c-3', 'c-1', 'b-2', 'c-2', 'b-1'];

let world: LogWorld;

beforeAll(async () => {
  world = await LogWorld.create();
}, 90_000);

afterAll(() => world.close());

const add = (ids: readonly string[]): Promise<number> =>
  new EventStore(world.process.database).add(
    ids.map((id) => eventOf(id.slice(0, 1), Number(id.slice(2)))),
  );

beforeEach(async () => {
  await world.reset();
  await add(SEALED);
  await sealPending(world.superuser);
  await add(WAITING);
});

/** What waits once all is queued again, two rows at a time. */
async function queuedAgain(): Promise<readonly string[]> {
  await world.process.database.transaction((session) => requeue(session, 1, FIRST, 2));
  const { rows } = await world.superuser.query<{ id: string }>(
    'SELECT id FROM pending JOIN events USING (source, id) ORDER BY position',
  );
  return rows.map(({ id }) => id);
}

test('all events follow the first entry in the order that they had, also when they are queued a second time', async () => {
  expect(await queuedAgain()).toEqual(['7', ...SEALED, ...WAITING]);
  expect(await queuedAgain()).toEqual(['7', ...SEALED, ...WAITING]);
});

test.each<[string, string, readonly string[]]>([
  [
    'an entry that is gone',
    `DELETE FROM entries WHERE id = 'a-2'`,
    ['a-1', 'a-3', 'a-4', 'a-5', 'a-2', 'b-1', 'b-2', 'c-1', 'c-2', 'c-3'],
  ],
  [
    'an event that is gone',
    `DELETE FROM events WHERE id IN ('a-2', 'b-2')`,
    ['a-1', 'a-3', 'a-4', 'a-5', 'c-3', 'c-1', 'c-2', 'b-1'],
  ],
  [
    'an entry that waits as well',
    `INSERT INTO pending (source, id) SELECT source, id FROM entries WHERE id = 'a-2'`,
    [...SEALED, ...WAITING],
  ],
  [
    'a queue that was emptied',
    `DELETE FROM pending`,
    [...SEALED, 'b-1', 'b-2', 'c-1', 'c-2', 'c-3'],
  ],
  [
    'an index beyond all others',
    `UPDATE entries SET index = 9223372036854775806 WHERE id = 'a-2'`,
    ['a-1', 'a-3', 'a-4', 'a-5', 'a-2', ...WAITING],
  ],
])('each event that there is follows once where tables have %s', async (_name, change, ids) => {
  await world.asTamperer(change);
  expect(await queuedAgain()).toEqual(['7', ...ids]);
  const { rows } = await world.superuser.query('SELECT count(*)::int AS queued FROM pending');
  expect(rows).toEqual([{ queued: ids.length + 1 }]);
});
