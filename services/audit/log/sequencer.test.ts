import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { EventStore } from '../event-store.ts';
import { LogWorld, eventOf } from '../testing/log-world.ts';
import { PublicationInMemory } from '../testing/publication-in-memory.ts';
import { LogReader } from './log-reader.ts';

let world: LogWorld;
let store: EventStore;
let reader: LogReader;
let publication: PublicationInMemory;

beforeAll(async () => {
  world = await LogWorld.create();
  store = new EventStore(world.process.database);
  reader = new LogReader(world.process.database);
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  await world.reset();
  publication = new PublicationInMemory();
});

async function untilPublished(size: bigint): Promise<void> {
  await eventually(async () => expect((await reader.head())?.size).toBe(size));
}

describe('the sequencer', () => {
  test('gives each event one place, and publishes heads', async () => {
    world.sequence(publication);
    const events = Array.from({ length: 700 }, (_, at) => eventOf('a', at + 1));
    expect(await store.add(events.slice(0, 300))).toBe(300);
    expect(await store.add(events)).toBe(400);
    await untilPublished(700n);
  });
});
