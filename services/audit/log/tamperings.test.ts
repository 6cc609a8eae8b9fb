import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LogWorld } from '../testing/log-world.ts';
import { BUGS, problemsOf } from '../testing/planted-bugs.ts';
import type { Bug } from '../testing/planted-bugs.ts';
import { tamperWithTables } from '../testing/tamperings.ts';

let world: LogWorld;

beforeAll(async () => {
  world = await LogWorld.create();
}, 90_000);

afterAll(() => world.close());

test('of 100 random changes of the tables each is detected, and its place named', async () => {
  await tamperWithTables(world, { times: 100, seed: 1 });
}, 60_000);

/** Who catches a bug, by what it says. */
const CAUGHT: Readonly<Record<Bug, RegExp>> = {
  'a leaf without the time': /^a time was changed, and nobody finds it$/,
  'an index assigned twice': /entries_pkey/,
  'an event lost before ingestion': /^'a' of \S+: version 7 missing before leaf 6$/,
  'a head signed before its tiles are durable':
    /^300 entries of log \S+ are published, and the database has 0/,
};

test.each(BUGS)(
  '%s is caught',
  async (bug) => {
    expect(await problemsOf(world, bug)).toEqual([expect.stringMatching(CAUGHT[bug])]);
  },
  30_000,
);

test('nothing is found where no bug is planted', async () => {
  expect(await problemsOf(world)).toEqual([]);
}, 30_000);
