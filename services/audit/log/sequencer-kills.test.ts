import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { EventStore } from '../event-store.ts';
import { FolderPublication } from '../testing/folder-publication.ts';
import { KILL_POINTS } from '../testing/kill-points.ts';
import { expectSealedOnce, killedSequencers } from '../testing/killed-sequencers.ts';
import { eventOf } from '../testing/events.ts';
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

test.each(['before the batch is committed', 'between signature and publication'] as const)(
  'a sequencer that is stopped %s can write nothing when it wakes up after another took over',
  async (point) => {
    await world.reset();
    const { database } = world.process;
    const [heads, store] = [join(folder, point), new EventStore(database)];
    const publication = new FolderPublication(heads);
    await store.add([eventOf('a', 1), eventOf('a', 2)]);
    const child = await world.sequenceApart(heads, { signal: 'SIGSTOP', point });
    await eventually(() => expect(child.output).toContain(point), 30_000);
    const sealed = point === 'before the batch is committed' ? 0 : 2;
    const successor = world.sequence(publication);
    await store.add([eventOf('a', 3)]);
    await eventually(() => expect(publication.heads().at(-1)?.size).toBe(3n), 30_000);
    const before = publication.heads().length;
    child.signal('SIGCONT');
    await eventually(() => expect(child.output).toMatch(/lost its database session/), 30_000);
    await store.add([eventOf('a', 4)]);
    await eventually(() => expect(publication.heads().at(-1)?.size).toBe(4n), 30_000);
    // The head that it had in hand is one of this tree: it was committed.
    expect(publication.heads()).toHaveLength(before + 1 + (sealed === 0 ? 0 : 1));
    expect(successor.state).toBe('active');
    await expectSealedOnce(world, publication, 4);
  },
  60_000,
);
