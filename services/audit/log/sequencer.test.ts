import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { SigningKey } from '@meridian/kit/tls/signing-key.ts';
import { openCheckpoint } from '@meridian/verifier/checkpoint.ts';
import { hashLeaf } from '@meridian/verifier/hashing.ts';
import { verifyConsistency, verifyInclusion } from '@meridian/verifier/proofs.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import { EventStore } from '../event-store.ts';
import { encodeLeaf } from '../leaf.ts';
import type { Publication } from '../publication/publication.ts';
import { eventOf } from '../testing/events.ts';
import { LogWorld } from '../testing/log-world.ts';
import { PublicationInMemory } from '../testing/publication-in-memory.ts';
import { ORIGIN } from '../testing/settings.ts';
import { watchedDatabase } from '../testing/kill-points.ts';
import { LogReader } from './log-reader.ts';
import { PREDECESSOR_TYPE, startSuccessor } from './start-successor.ts';

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

function add(subject: string, versions: number): Promise<number> {
  return store.add(Array.from({ length: versions }, (_, at) => eventOf(subject, at + 1)));
}

async function untilPublished(size: bigint): Promise<void> {
  await eventually(async () => expect((await world.newestHead())?.size).toBe(size));
}

/** The places that the log gave, in their order. */
async function placed(): Promise<readonly string[]> {
  const { rows } = await world.superuser.query<{ index: string; id: string }>(
    'SELECT index, id FROM entries JOIN log_head USING (log) ORDER BY index',
  );
  expect(rows.map(({ index }) => Number(index))).toEqual(rows.map((_, at) => at));
  return rows.map(({ id }) => id);
}

/** A database as it was, to go back to. */
async function keepMoment(): Promise<() => Promise<void>> {
  await world.stopAll();
  const tables = ['events', 'pending', 'entries', 'tiles', 'checkpoints', 'log_keys', 'log_head'];
  for (const table of tables) {
    await world.superuser.query(`DROP TABLE IF EXISTS kept_${table};
      CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
  }
  return async () => {
    await world.stopAll();
    await world.asTamperer(
      tables
        .map((table) => {
          const overriding = table === 'pending' ? 'OVERRIDING SYSTEM VALUE' : '';
          return `DELETE FROM ${table}; INSERT INTO ${table} ${overriding} SELECT * FROM kept_${table}`;
        })
        .join(';'),
    );
  };
}

describe('the event store', () => {
  test('keeps each event once, and queues what is new in the order that it came', async () => {
    expect(await add('a', 300)).toBe(300);
    expect(await store.add([eventOf('b', 1), eventOf('a', 7), eventOf('b', 1)])).toBe(1);
    world.sequence(publication);
    await untilPublished(301n);
    expect(await placed()).toEqual([
      ...Array.from({ length: 300 }, (_, at) => `a-${at + 1}`),
      'b-1',
    ]);
  });

  test.each(['events', 'entries', 'tiles', 'checkpoints', 'log_keys', 'reads'])(
    'has in %s a table that no role may change, not even its owner, and is told why',
    async (table) => {
      const role = world.databases.nameOf('audit');
      const { rows } = await world.superuser.query<{ column: string; owner: string }>(
        `SELECT min(column_name::text) AS column, max(tableowner::text) AS owner
         FROM information_schema.columns JOIN pg_tables ON tablename = table_name
         WHERE table_name = $1 AND column_name IN ('log', 'kind', 'reader')`,
        [table],
      );
      const [{ column, owner } = { column: '', owner: '' }] = rows;
      await world.superuser.query(`GRANT TRUNCATE ON ${table} TO "${role}"`);
      for (const user of [role, owner, 'postgres']) {
        for (const change of [
          `UPDATE ${table} SET ${column} = ${column}`,
          `DELETE FROM ${table}`,
          `TRUNCATE ${table}`,
        ]) {
          await expect(
            world.superuser.query(`BEGIN; SET LOCAL ROLE "${user}"; ${change}; COMMIT`),
          ).rejects.toThrow(`of ${table} refused: the audit trail is added to and never changed`);
        }
      }
    },
  );
});

describe('the sequencer', () => {
  test('publishes a key before its first head, and heads of former keys stay checkable', async () => {
    const order: string[] = [];
    publication.before = (call) => {
      if (call !== 'newest') order.push(call);
    };
    const { authority } = world.databases.world;
    const folder = join(world.process.folder, 'renewed-signing');
    writeIdentity(folder, await authority.issue({ signs: true }));
    const renewed = SigningKey.open(folder);
    const key = { current: world.key.current };
    const sequencer = world.sequence(publication, { key });
    await add('a', 1);
    await untilPublished(1n);
    expect(order).toEqual(['publishKey', 'publish']);
    key.current = renewed.current;
    renewed.close();
    await add('b', 1);
    await untilPublished(2n);
    expect(order).toEqual(['publishKey', 'publish', 'publishKey', 'publish']);
    expect(sequencer.state).toBe('active');
    for (const [at, head] of publication.heads.entries()) {
      const { vkey = '', chainPem } = publication.keys[at] ?? {};
      expect(chainPem).toMatch(
        /^(-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n){2}$/,
      );
      const opened = openCheckpoint(head.note, { keys: [parseVerifierKey(vkey)] });
      expect(opened.origin).toBe(`${ORIGIN}/1`);
      expect(opened.size).toBe(at + 1);
    }
    const { rows } = await world.superuser.query(
      'SELECT key_id, vkey FROM log_keys ORDER BY since',
    );
    expect(rows).toEqual(publication.keys.map(({ keyId, vkey }) => ({ key_id: keyId, vkey })));
  });

  test('signs nothing with a key whose certificate has expired, and seals on', async () => {
    const expired = { ...world.key.current, notAfter: new Date(Date.now() - 1) };
    const key = { current: expired };
    world.sequence(publication, { key });
    await add('a', 3);
    await eventually(async () => expect(await placed()).toHaveLength(3));
    await eventually(() =>
      expect(JSON.stringify(world.process.lines)).toContain('must be valid, got one that expired'),
    );
    expect(publication.heads).toHaveLength(0);
    key.current = world.key.current;
    await untilPublished(3n);
  });

  test('seals on while the publication is away, and publishes when it is back', async () => {
    let away = false;
    publication.before = () => {
      if (away) throw new Error('the store is full');
    };
    const sequencer = world.sequence(publication, { settings: { heartbeatMs: 10 } });
    await add('a', 2);
    await untilPublished(2n);
    away = true;
    await add('b', 2);
    await eventually(async () => expect(await placed()).toHaveLength(4));
    await eventually(async () =>
      expect(await world.process.runtime.metrics.registry.metrics()).toMatch(
        /^audit_lag_seconds 0\.\d+$/m,
      ),
    );
    // One that begins now cannot know whether the database is the published one, so it seals nothing.
    await world.stopAll();
    const next = world.sequence(publication, { settings: { heartbeatMs: 10 } });
    await add('c', 2);
    await eventually(() => expect(next.state).toBe('active'));
    expect(await placed()).toHaveLength(4);
    expect(sequencer.stoppedBecause).toBeUndefined();
    away = false;
    await untilPublished(6n);
    await eventually(async () =>
      expect(await world.process.runtime.metrics.registry.metrics()).toMatch(
        /^audit_lag_seconds 0$/m,
      ),
    );
  });

  test('publishes its newest head again where it is gone', async () => {
    world.sequence(publication);
    await add('a', 2);
    await untilPublished(2n);
    await world.stopAll();
    const [head] = publication.heads.splice(0);
    publication.keys.splice(0);
    world.sequence(publication);
    await eventually(() => expect(publication.heads).toEqual([head]));
    expect(publication.keys).toHaveLength(1);
  });

  test('is one at a time: the other seals nothing until it takes over', async () => {
    const seals: string[] = [];
    const noting = (name: string) =>
      watchedDatabase(world.process.database, (point) => {
        if (point === 'before the batch is committed') seals.push(name);
      });
    const first = world.sequence(publication, { database: noting('first') });
    await eventually(() => expect(first.state).toBe('active'));
    const second = world.sequence(publication, { database: noting('second') });
    await add('a', 1);
    await untilPublished(1n);
    expect(second.state).toBe('standby');
    await first.stop();
    await add('b', 1);
    await untilPublished(2n);
    expect(seals).toEqual(['first', 'second']);
    expect(await placed()).toEqual(['a-1', 'b-1']);
  });
  test('publishes no head of a batch that is not committed yet', async () => {
    const published: { size: bigint; committed: bigint }[] = [];
    const watched: Publication = {
      newest: () => publication.newest(),
      publishKey: (key) => publication.publishKey(key),
      publish: async (head) => {
        const { rows } = await world.superuser.query<{ size: string }>('SELECT size FROM log_head');
        published.push({ size: head.size, committed: BigInt(rows[0]?.size ?? 0) });
        await publication.publish(head);
      },
    };
    const database = watchedDatabase(world.process.database, async (point) => {
      // Long enough for a head that does not wait.
      if (point === 'before the batch is committed') await once(AbortSignal.timeout(50), 'abort');
    });
    world.sequence(watched, { database });
    await add('a', 1);
    await untilPublished(1n);
    await add('b', 1);
    await untilPublished(2n);
    expect(published).toEqual([
      { size: 1n, committed: 1n },
      { size: 2n, committed: 2n },
    ]);
  });

  test('seals what is too much for one batch in several, however large one event is', async () => {
    const seals: string[] = [];
    const database = watchedDatabase(world.process.database, (point) => {
      if (point === 'before the batch is committed') seals.push(point);
    });
    const large = { ...eventOf('a', 2), data: Buffer.alloc(3_000) };
    await store.add([eventOf('a', 1), large, eventOf('a', 3), eventOf('a', 4), eventOf('a', 5)]);
    world.sequence(publication, { database, settings: { batchEvents: 2, batchBytes: 1_000 } });
    await untilPublished(5n);
    expect(seals).toHaveLength(4);
    expect(await placed()).toEqual(['a-1', 'a-2', 'a-3', 'a-4', 'a-5']);
  });
});

describe('the reader', () => {
  test('proves entries and heads at any size, as the verifier sees it', async () => {
    world.sequence(publication);
    await add('a', 300);
    await untilPublished(300n);
    const older = await world.newestHead();
    await add('b', 300);
    await untilPublished(600n);
    const newer = await world.newestHead();
    const headOf = (head: typeof older) => ({
      size: Number(head?.size),
      root: head?.root ?? Buffer.of(),
    });
    for (const head of [headOf(older), headOf(newer)]) {
      for (const index of [0, 255, 256, 299]) {
        const path = await reader.inclusionProof(BigInt(index), BigInt(head.size));
        verifyInclusion(hashLeaf(encodeLeaf(eventOf('a', index + 1))), { index, path }, head);
      }
    }
    const path = await reader.consistencyProof(300n, 600n);
    verifyConsistency(headOf(older), headOf(newer), path);
    expect(await reader.tile(1, 0n, 2)).toHaveLength(64);
  });

  test.each([
    ['inclusionProof', [2n, 4n], 'OUT_OF_RANGE', 'tree_size must be within the 3 entries'],
    ['inclusionProof', [2n, 2n ** 60n], 'OUT_OF_RANGE', 'tree_size must be within the 3 entries'],
    ['inclusionProof', [3n, 3n], 'OUT_OF_RANGE', 'index must be below tree_size 3, got 3'],
    ['inclusionProof', [0n, 0n], 'INVALID_ARGUMENT', 'tree_size must be at least 1'],
    ['consistencyProof', [3n, 4n], 'OUT_OF_RANGE', 'new_tree_size must be within the 3'],
    ['consistencyProof', [3n, 2n], 'INVALID_ARGUMENT', 'old_tree_size must be at most new_tree'],
    ['tile', [0, 0n, 4], 'OUT_OF_RANGE', 'index must be of a tile with 4 hashes, got 0'],
    ['tile', [63, 2n ** 60n, 1], 'OUT_OF_RANGE', 'index must be of a tile with 1 hashes'],
    ['tile', [0, 0n, 257], 'INVALID_ARGUMENT', 'width must be 1 to 256'],
  ] as const)('refuses %s of %j: %s', async (method, values, status, message) => {
    await add('a', 3);
    world.sequence(publication);
    await untilPublished(3n);
    const asked = (reader[method] as (...given: readonly unknown[]) => Promise<unknown>).apply(
      reader,
      [...values],
    );
    await expect(asked).rejects.toMatchObject({
      status,
      message: expect.stringContaining(message),
    });
  });
});

describe('a database that was restored', () => {
  test('to its last transaction goes on', async () => {
    world.sequence(publication);
    await add('a', 5);
    await untilPublished(5n);
    const restore = await keepMoment();
    await restore();
    const sequencer = world.sequence(publication);
    await add('b', 1);
    await untilPublished(6n);
    expect(sequencer.state).toBe('active');
  });

  test('to an earlier moment stops the log, and its successor names the last published head', async () => {
    world.sequence(publication);
    await add('a', 300);
    await untilPublished(300n);
    const restore = await keepMoment();
    world.sequence(publication);
    await add('b', 5);
    await untilPublished(305n);
    const last = publication.heads.at(-1);
    await restore();
    const stopped = [world.sequence(publication), world.sequence(publication)];
    await add('c', 2);
    await eventually(() =>
      expect(stopped.map(({ state }) => state)).toEqual(['stopped', 'stopped']),
    );
    expect(stopped[0]?.stoppedBecause).toBe(
      `305 entries of log '${ORIGIN}/1' are published, and the database has 300: it was restored to an earlier moment`,
    );
    expect(await world.process.runtime.metrics.registry.metrics()).toMatch(
      /^audit_log_stopped 1$/m,
    );
    expect(await placed()).toHaveLength(300);

    const second = new PublicationInMemory();
    const publications = (log: number) => (log === 1 ? publication : second);
    expect(await startSuccessor(world.process.database, publications)).toEqual({
      log: 2,
      predecessor: { origin: `${ORIGIN}/1`, size: 305n },
    });
    await expect(startSuccessor(world.process.database, publications)).rejects.toMatchObject({
      code: 'AUDIT_LOG_INTACT',
    });
    const successor = world.sequence(second);
    await untilPublished(303n);
    expect(await placed()).toEqual([
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
    await expect(startSuccessor(world.process.database, publications)).rejects.toMatchObject({
      code: 'AUDIT_SEQUENCER_ACTIVE',
    });
    expect(successor.state).toBe('active');
  });

  test('that differs below what is published stops the log too', async () => {
    world.sequence(publication);
    await add('a', 300);
    await untilPublished(300n);
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
