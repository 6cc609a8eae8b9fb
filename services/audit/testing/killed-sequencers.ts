import { expect } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { EventStore } from '../event-store.ts';
import { FolderPublication } from './folder-publication.ts';
import { judge } from './judge.ts';
import type { KillPoint } from './kill-points.ts';
import { eventOf } from './events.ts';
import type { LogWorld } from './log-world.ts';

/** Events between one kill and the next: a tile is filled with each. */
const EVENTS = 300;

/**
 * Kills one sequencer after another, each where it is told, while events are added. Then one goes on in this
 * process, and everything is held against all that was published.
 */
export async function killedSequencers(
  world: LogWorld,
  folder: string,
  points: readonly KillPoint[],
): Promise<void> {
  const { database } = world.process;
  const [store, publication] = [new EventStore(database), new FolderPublication(folder)];
  for (const [round, point] of points.entries()) {
    const child = await world.sequenceApart(folder, { point });
    await store.add(Array.from({ length: EVENTS }, (_, at) => eventOf(`round-${round}`, at + 1)));
    expect({ round, point, exit: await child.ended() }).toEqual({ round, point, exit: -1 });
  }
  const total = points.length * EVENTS;
  world.sequence(publication);
  await eventually(() => expect(publication.heads().at(-1)?.size).toBe(BigInt(total)), 30_000);
  await expectSealedOnce(world, publication, total);
}

/** Expects indexes without gap, each event once, and tables that all published heads are of. */
export async function expectSealedOnce(
  world: LogWorld,
  publication: FolderPublication,
  total: number,
): Promise<void> {
  const { rows } = await world.superuser.query(
    `SELECT count(*)::int AS entries, max(index)::int AS last, count(DISTINCT (source, id))::int AS events,
            (SELECT count(*)::int FROM pending) AS pending FROM entries`,
  );
  expect(rows).toEqual([{ entries: total, last: total - 1, events: total, pending: 0 }]);
  const notes = publication.heads().map(({ note }) => note);
  expect(await judge(world.process.database, notes, publication.keys())).toMatchObject({
    ...{ leaves: total, heads: notes.length - 1, findings: [], incomplete: [] },
  });
}
