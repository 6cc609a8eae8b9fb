import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { KILL_POINTS } from '../testing/kill-points.ts';
import { killedSequencers } from '../testing/killed-sequencers.ts';
import { LogWorld } from '../testing/log-world.ts';

let world: LogWorld;
const folder = mkdtempSync(join(tmpdir(), 'meridian-heads-'));

beforeAll(async () => {
  world = await LogWorld.create();
}, 90_000);

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

test('a sequencer that is killed at any point of a round is followed by one that seals each event once', async () => {
  await killedSequencers(world, join(folder, 'killed'), KILL_POINTS);
}, 90_000);

test.todo('paused');
void expect;
