import { afterAll, beforeAll, test } from '@jest/globals';
import { LogWorld } from '../testing/log-world.ts';
import { tamperWithTables } from '../testing/tamperings.ts';

let world: LogWorld;

beforeAll(async () => {
  world = await LogWorld.create();
}, 90_000);

afterAll(() => world.close());

test('of 100 random changes of the tables each is detected, and its place named', async () => {
  await tamperWithTables(world, { times: 100, seed: 1 });
}, 60_000);
