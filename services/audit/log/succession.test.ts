import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import type { Publications } from '../publication/publication.ts';
import { keepMoment } from '../testing/kept-moment.ts';
import { LogWorld } from '../testing/log-world.ts';
import { PublicationInMemory } from '../testing/publication-in-memory.ts';
import { ORIGIN } from '../testing/settings.ts';
import { lagSeconds } from './sequencer-session.ts';
import { PREDECESSOR_TYPE, startSuccessor } from './start-successor.ts';

let world: LogWorld;
let publication: PublicationInMemory;

beforeAll(async () => {
  world = await LogWorld.create();
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  await world.reset();
  publication = new PublicationInMemory();
});

function begin(publications: Publications) {
  return startSuccessor(world.process.database, publications);
}

describe('a database that was restored', () => {
  test('to its last transaction goes on', async () => {
    world.sequence(publication);
    await world.add('a', 5);
    await world.untilPublished(5n);
    const restore = await keepMoment(world);
    await restore();
    const sequencer = world.sequence(publication);
    await world.add('b', 1);
    await world.untilPublished(6n);
    expect(sequencer.state).toBe('active');
  });

  test('to an earlier moment stops the log, and its successor names the last published head', async () => {
    world.sequence(publication);
    await world.add('a', 300);
    await world.untilPublished(300n);
    const restore = await keepMoment(world);
    world.sequence(publication);
    await world.add('b', 5);
    await world.untilPublished(305n);
    const last = publication.heads.at(-1);
    await restore();
    const stopped = [world.sequence(publication), world.sequence(publication)];
    await world.add('c', 2);
    await eventually(() =>
      expect(stopped.map(({ state }) => state)).toEqual(['stopped', 'stopped']),
    );
    expect(stopped[0]?.stoppedBecause).toBe(
      `305 entries of log '${ORIGIN}/1' are published, and the database has 300: it was restored to an earlier moment`,
    );
    expect(await world.process.runtime.metrics.registry.metrics()).toMatch(
      /^audit_log_stopped 1$/m,
    );
    expect(await world.placed()).toHaveLength(300);

    const second = new PublicationInMemory();
    const publications = (log: number) => (log === 1 ? publication : second);
    expect(await begin(publications)).toEqual({
      log: 2,
      predecessor: { origin: `${ORIGIN}/1`, size: 305n },
    });
    await expect(begin(publications)).rejects.toMatchObject({
      code: 'AUDIT_LOG_INTACT',
    });
    await world.asTamperer(`UPDATE events SET ingested_at = now() - interval '3 days'
      WHERE type <> '${PREDECESSOR_TYPE}'`);
    second.before = (call) => {
      if (call === 'publish' && second.heads.length > 0) throw new Error('away');
    };
    const successor = world.sequence(second, { settings: { batchEvents: 10 } });
    await eventually(async () => expect(await world.placed()).toHaveLength(303));
    await eventually(() => expect(second.heads).toHaveLength(1));
    // What the predecessor had sealed long ago waits since the successor began.
    expect(await lagSeconds(world.process.database)).toBeLessThan(3_600);
    second.before = () => undefined;
    await world.untilPublished(303n);
    expect(await world.placed()).toEqual([
      '305',
      ...Array.from({ length: 300 }, (_, at) => `a-${at + 1}`),
      ...['c-1', 'c-2'],
    ]);
    const { rows } = await world.superuser.query(
      `SELECT kind, type, source, convert_from(data, 'UTF8') AS data FROM events WHERE id = '305'`,
    );
    expect(rows).toEqual([
      {
        ...{ kind: 'baseline', type: PREDECESSOR_TYPE, source: `log:${ORIGIN}/1` },
        data: last?.note,
      },
    ]);
    expect((await world.newestHead())?.origin).toBe(`${ORIGIN}/2`);
    await expect(begin(publications)).rejects.toMatchObject({
      code: 'AUDIT_SEQUENCER_ACTIVE',
    });
    expect(successor.state).toBe('active');
  });

  test('that differs below what is published stops the log too', async () => {
    world.sequence(publication);
    await world.add('a', 300);
    await world.untilPublished(300n);
    await world.stopAll();
    await world.asTamperer(
      'UPDATE log_head SET edge[1] = set_byte(edge[1], 3, 7 # get_byte(edge[1], 3))',
    );
    const sequencer = world.sequence(publication);
    await eventually(() => expect(sequencer.state).toBe('stopped'));
    expect(sequencer.stoppedBecause).toContain(
      `the first 300 entries of log '${ORIGIN}/1' in the database are not those that were published`,
    );
  });
});
