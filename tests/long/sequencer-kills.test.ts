import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import { KILL_POINTS } from '@meridian/audit/testing/kill-points.ts';
import { killedSequencers } from '@meridian/audit/testing/killed-sequencers.ts';
import { LogWorld } from '@meridian/audit/testing/log-world.ts';

let world: LogWorld;
const folder = mkdtempSync(join(tmpdir(), 'meridian-heads-'));

beforeAll(async () => {
  world = await LogWorld.create();
}, 90_000);

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

test('50 sequencers are killed one after the other, and each event is sealed once', async () => {
  const points = Array.from({ length: 10 }, () => KILL_POINTS).flat();
  await killedSequencers(world, folder, points);
}, 600_000);
