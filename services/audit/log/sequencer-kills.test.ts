import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { EventStore } from '../event-store.ts';
import { FolderPublication } from '../testing/folder-publication.ts';
import { KILL_POINTS } from '../testing/kill-points.ts';
import { LogWorld, eventOf } from '../testing/log-world.ts';

let world: LogWorld;
let store: EventStore;

beforeAll(async () => {
  world = await LogWorld.create();
  store = new EventStore(world.process.database);
}, 90_000);

afterAll(() => world.close());
