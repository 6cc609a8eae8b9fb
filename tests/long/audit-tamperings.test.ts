import { afterAll, beforeAll, test } from '@jest/globals';
import { LogWorld } from '@meridian/audit/testing/log-world.ts';
import { tamperWithTables } from '@meridian/audit/testing/tamperings.ts';

let world: LogWorld;

beforeAll(async () => {
  world = await LogWorld.create();
}, 90_000);

afterAll(() => world.close());

test('of 10,000 random changes of the tables each is detected, and its place named', async () => {
  await tamperWithTables(world, { times: 10_000, seed: 2 });
}, 3_600_000);
