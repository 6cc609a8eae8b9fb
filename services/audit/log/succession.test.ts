import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import type { Publications } from '../publication/publication.ts';
import { leafHashOf } from '../leaf-hash.ts';
import { eventOf, ORDERS } from '../testing/events.ts';
import { keepMoment } from '../testing/kept-moment.ts';
import { LogWorld } from '../testing/log-world.ts';
import { placesFrom, PublicationInMemory } from '../testing/publication-in-memory.ts';
import { ORIGIN } from '../testing/settings.ts';
import { signCheckpoint } from './checkpoint-note.ts';
import { lagSeconds } from './sequencer-session.ts';
import { PREDECESSOR_TYPE } from './start-successor.ts';

let world: LogWorld;
let publication: PublicationInMemory;
let second: PublicationInMemory;
let third: PublicationInMemory;
let publications: Publications;

beforeAll(async () => {
  world = await LogWorld.create();
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  await world.reset();
  publication = new PublicationInMemory();
  second = new PublicationInMemory();
  third = new PublicationInMemory();
  publications = placesFrom(1, publication, second, third);
});

/** A log with some published entries; nobody sequences it any more. */
async function published(entries: number): Promise<void> {
  world.sequence(publication);
  await world.add('a', entries);
  await world.untilPublished(BigInt(entries));
  await world.stopAll();
}

/** Why a sequencer that begins now stops. */
async function stopped(): Promise<string | undefined> {
  const sequencer = world.sequence(publication, { publications });
  await eventually(() => expect(sequencer.state).toBe('stopped'));
  await world.stopAll();
  return sequencer.stoppedBecause;
}

/** Sequences the log of now until so much of it is published. */
async function goesOn(size: bigint): Promise<void> {
  world.sequence(publication, { publications });
  await world.untilPublished(size);
  await world.stopAll();
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

    expect(await world.succeed(publications)).toMatchObject({
      log: 2,
      predecessor: { origin: `${ORIGIN}/1`, size: 305n },
      despite: '',
    });
    await expect(world.succeed(publications)).rejects.toMatchObject({
      code: 'AUDIT_LOG_INTACT',
    });
    await world.asTamperer(`UPDATE events SET ingested_at = now() - interval '3 days'
      WHERE type <> '${PREDECESSOR_TYPE}'`);
    second.before = (call) => {
      if (call === 'publish' && second.heads.length > 0) throw new Error('away');
    };
    const successor = world.sequence(second, { publications, settings: { batchEvents: 10 } });
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
      `SELECT kind, type, source, correlation_id, convert_from(data, 'UTF8') AS data FROM events WHERE id = '305'`,
    );
    expect(rows).toEqual([
      {
        ...{ kind: 'baseline', type: PREDECESSOR_TYPE, source: `log:${ORIGIN}/1` },
        ...{ correlation_id: `${ORIGIN}/1:300`, data: last?.note },
      },
    ]);
    expect((await world.newestHead())?.origin).toBe(`${ORIGIN}/2`);
    await expect(world.succeed(publications)).rejects.toMatchObject({
      code: 'AUDIT_SEQUENCER_ACTIVE',
    });
    expect(successor.state).toBe('active');
  });

  test('to before its successor began stops, and the next without heads follows that one', async () => {
    await published(3);
    const restore = await keepMoment(world);
    await world.asTamperer(`UPDATE log_head SET root = sha256('other'), edge = '{}', size = 0`);
    expect(await stopped()).toContain('the database has 0');
    await expect(world.succeed(publications)).rejects.toMatchObject({
      code: 'AUDIT_ROWS_CHANGED',
      message: expect.stringContaining(
        'entry 0 and 2 others are in no tree, which has 0',
      ) as unknown,
    });
    expect(await world.succeed(publications, { anyway: true })).toMatchObject({ log: 2 });
    await goesOn(4n);
    await restore();
    // Of somebody who may write to the bucket, and has no key of the log.
    const root = Buffer.alloc(32);
    const { privateKey } = generateKeyPairSync('ed25519');
    const forged = signCheckpoint({ origin: `${ORIGIN}/2`, size: 900n, root }, privateKey);
    second.heads.push({ size: 900n, note: forged });
    expect(await stopped()).toBe(
      'what is published as the head of 900 entries of log 2, which would be the successor, is signed by no key of it',
    );
    second.heads.pop();
    expect(await stopped()).toBe(
      `log '${ORIGIN}/1' has ended: heads of log 2, its successor, are published, and the database was restored to a moment before that began`,
    );
    second.heads.push({ size: 900n, note: forged });
    expect(await world.succeed(publications)).toMatchObject({
      log: 3,
      predecessor: { origin: `${ORIGIN}/2`, size: 4n },
    });
    await goesOn(4n);
    expect((await world.newestHead())?.origin).toBe(`${ORIGIN}/3`);
  });

  test('elsewhere while the log goes on here stops it once the successor there has a head', async () => {
    const sequencer = world.sequence(publication, { publications, settings: { compareMs: 30 } });
    await world.add('a', 2);
    await world.untilPublished(2n);
    second.heads.push({ size: 1n, note: 'of the successor' });
    await eventually(() => expect(sequencer.state).toBe('stopped'));
  });

  test('while a sequencer works stops it, whichever log the database has now', async () => {
    await world.asTamperer('UPDATE log_head SET log = 2');
    const sequencer = world.sequence(second, { publications, settings: { compareMs: 30 } });
    await world.add('b', 1);
    await eventually(() => expect(second.heads).toHaveLength(1));
    await world.asTamperer('UPDATE log_head SET log = 1');
    await eventually(() => expect(sequencer.state).toBe('stopped'));
    expect(sequencer.stoppedBecause).toBe(
      `the database has log 1, and this is '${ORIGIN}/2': it was restored to a moment before that began`,
    );
  });

  test('to nothing stops, and its successor names a head that published certificates vouch for', async () => {
    await published(3);
    await world.reset();
    expect(await stopped()).toContain('3 entries');
    expect(await world.succeed(publications)).toMatchObject({
      log: 2,
      predecessor: { origin: `${ORIGIN}/1`, size: 3n },
    });
    // And again, if that is stopped before its first head.
    second.heads.push({ size: 7n, note: 'no head' });
    expect(await stopped()).toContain('must be a checkpoint');
    expect(await world.succeed(publications)).toMatchObject({ log: 3, predecessor: { size: 3n } });
    await world.add('b', 1);
    await goesOn(2n);
    expect(await world.placed()).toEqual(['3', 'b-1']);
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

describe('a database with rows that are not what was sealed', () => {
  const other = Buffer.from('other');
  const hash = leafHashOf({ ...eventOf('a', 5), data: other }).toString('hex');
  const changed = `UPDATE events SET data = 'other' WHERE id IN ('a-5', 'a-290')`;
  const five = `UPDATE events SET data = 'other' WHERE id = 'a-5'`;

  test.each<readonly [string, string, string]>([
    [
      'a changed one',
      changed,
      `entry 4 (event 'a-5' of ${ORDERS}) is not as it was sealed, but another event, nor are 1 more`,
    ],
    [
      'one taken away',
      `DELETE FROM events WHERE id = 'a-300'`,
      `entry 299 (event 'a-300' of ${ORDERS}) is not as it was sealed, but none`,
    ],
    [
      'an entry that was taken away',
      `DELETE FROM entries WHERE id = 'a-3'`,
      'entry 2 is not as it was sealed, but none',
    ],
    [
      'one changed with its tile',
      `${five}; UPDATE tiles SET hashes = overlay(hashes placing '\\x${hash}' from 129) WHERE level = 0`,
      'entries 0 to 299 are those of their tiles, and not those of the published head of 300 entries',
    ],
  ])('has no successor that takes %s for what it was', async (_name, change, differing) => {
    await published(300);
    const restore = await keepMoment(world);
    await published(301);
    await restore();
    await world.asTamperer(change);
    await expect(world.succeed(publications)).rejects.toMatchObject({
      code: 'AUDIT_ROWS_CHANGED',
      message: expect.stringContaining(`got others: ${differing};`) as unknown,
    });
    expect(await world.succeed(publications, { anyway: true })).toMatchObject({
      log: 2,
      despite: differing,
    });
  });
});

describe('a log that stops', () => {
  const publish = (size: bigint, note: string): Promise<void> => {
    publication.heads.push({ size, note });
    return Promise.resolve();
  };
  const last = (): string => publication.heads[0]?.note ?? '';

  test.each<readonly [string, () => Promise<void>, RegExp, 'of the bucket' | 'of the database']>([
    [
      'at a text of somebody else',
      () => publish(2n ** 60n, 'no head'),
      /must be a checkpoint, got another text/,
      'of the bucket',
    ],
    [
      'at a true head under a larger size',
      () => publish(900n, last()),
      /as the head of 900 entries is that of 3$/,
      'of the bucket',
    ],
    [
      'at a head of more entries than a database counts',
      () => publish(2n ** 60n, last().replace('\n3\n', `\n${2n ** 60n}\n`)),
      /^the published head of 1152921504606846976 entries is signed by no key of log/,
      'of the bucket',
    ],
    [
      'at a head of another log',
      () => publish(900n, last().replace('/1\n3\n', '/7\n900\n')),
      /is of log 'meridian.local\/audit\/7'/,
      'of the bucket',
    ],
    [
      'at a head that no key of it signed',
      () => {
        const head = publication.heads.pop();
        const signature = /(?<=— \S+ ).{12}/;
        return publish(3n, (head?.note ?? '').replace(signature, 'AAAAAAAAAAAA'));
      },
      /is signed by no key of log/,
      'of the bucket',
    ],
    [
      'at a record of a larger head than the published one',
      () =>
        world.asTamperer(
          `UPDATE checkpoints SET size = 4, note = replace(note, E'\n3\n', E'\n4\n')`,
        ),
      /^4 entries of log .* are published, and the database has 3/,
      'of the database',
    ],
    [
      'under another trust domain than its heads',
      () => world.asTamperer(`UPDATE log_head SET origin = 'former.local/audit/1'`),
      /has log 'former.local\/audit\/1', and this is .*: the platform has another trust domain/,
      'of the database',
    ],
  ])('%s has a successor that goes on', async (_name, change, why, fault) => {
    await published(3);
    await change();
    expect(await stopped()).toMatch(why);
    const anyway = fault === 'of the bucket';
    if (anyway) {
      await expect(world.succeed(publications)).rejects.toMatchObject({
        code: 'AUDIT_LOG_INTACT',
        message: expect.stringMatching(/extends the newest head .* take away/) as unknown,
      });
    }
    expect(await world.succeed(publications, { anyway })).toMatchObject({
      log: 2,
      predecessor: { origin: `${ORIGIN}/1`, size: 3n },
    });
    await goesOn(4n);
  });

  test('with a restored database that has forgotten the key of the newest head goes by its certificates', async () => {
    await published(3);
    await world.asTamperer('TRUNCATE log_keys, checkpoints');
    await goesOn(3n);
    await published(5);
    await world.asTamperer(
      `TRUNCATE log_keys, checkpoints; UPDATE log_head SET size = 0, root = sha256(''), edge = '{}'`,
    );
    expect(await stopped()).toContain('5 entries');
  });

  test('at more texts than are looked at has no successor, which would name an older head than the last', async () => {
    await published(3);
    for (let size = 60n; size > 3n; size -= 1n) await publish(size, 'no head');
    expect(await stopped()).toContain('must be a checkpoint');
    await expect(world.succeed(publications)).rejects.toMatchObject({
      code: 'AUDIT_HEAD_ABSENT',
      message: expect.stringMatching(/among the 50 largest .* take away/) as unknown,
    });
  });

  test('before anything was signed says so, and goes on where the bucket is put right', async () => {
    await publish(5n, 'no head');
    await world.add('a', 1);
    expect(await stopped()).toContain('must be a checkpoint');
    await expect(world.succeed(publications)).rejects.toMatchObject({
      code: 'AUDIT_HEAD_ABSENT',
      message: expect.stringMatching(/must be a checkpoint.*take away from the bucket/) as unknown,
    });
    publication.heads.splice(0);
    await goesOn(1n);
  });

  test('is none that had no head yet when the platform got another trust domain', async () => {
    await world.asTamperer(`UPDATE log_head SET origin = 'former.local/audit/1'`);
    await world.add('a', 1);
    await goesOn(1n);
    expect((await world.newestHead())?.origin).toBe(`${ORIGIN}/1`);
  });
});
