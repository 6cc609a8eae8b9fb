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

describe('the event store', () => {
  test('keeps each event once, and queues what is new in the order that it came', async () => {
    expect(await world.add('a', 300)).toBe(300);
    expect(await store.add([eventOf('b', 1), eventOf('a', 7), eventOf('b', 1)])).toBe(1);
    world.sequence(publication);
    await world.untilPublished(301n);
    expect(await world.placed()).toEqual([
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
    await world.add('a', 1);
    await world.untilPublished(1n);
    expect(order).toEqual(['publishKey', 'publish']);
    key.current = renewed.current;
    renewed.close();
    await world.add('b', 1);
    await world.untilPublished(2n);
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
    await world.add('a', 3);
    await eventually(async () => expect(await world.placed()).toHaveLength(3));
    await eventually(() =>
      expect(JSON.stringify(world.process.lines)).toContain('must be valid, got one that expired'),
    );
    expect(publication.heads).toHaveLength(0);
    key.current = world.key.current;
    await world.untilPublished(3n);
  });

  test('seals on while the publication is away, and publishes when it is back', async () => {
    let away = false;
    publication.before = () => {
      if (away) throw new Error('the store is full');
    };
    const sequencer = world.sequence(publication, { settings: { heartbeatMs: 10, remindMs: 1 } });
    await world.add('a', 2);
    await world.untilPublished(2n);
    const { length: linesBefore } = world.process.lines;
    away = true;
    await world.add('b', 2);
    await eventually(async () => expect(await world.placed()).toHaveLength(4));
    // Whoever looks later is told as well.
    await eventually(() => {
      const since = JSON.stringify(world.process.lines.slice(linesBefore));
      expect(since.split('cannot be published').length).toBeGreaterThan(2);
    });
    await eventually(async () =>
      expect(await world.process.runtime.metrics.registry.metrics()).toMatch(
        /^audit_lag_seconds 0\.\d+$/m,
      ),
    );
    // One that begins now cannot know whether the database is the published one, so it seals nothing.
    await world.stopAll();
    const next = world.sequence(publication, { settings: { heartbeatMs: 10 } });
    await world.add('c', 2);
    await eventually(() => expect(next.state).toBe('active'));
    expect(await world.placed()).toHaveLength(4);
    expect(sequencer.stoppedBecause).toBeUndefined();
    away = false;
    await world.untilPublished(6n);
    await eventually(async () =>
      expect(await world.process.runtime.metrics.registry.metrics()).toMatch(
        /^audit_lag_seconds 0$/m,
      ),
    );
  });

  test('publishes its newest head again where it is gone', async () => {
    world.sequence(publication);
    await world.add('a', 2);
    await world.untilPublished(2n);
    await world.stopAll();
    const [head] = publication.heads.splice(0);
    publication.keys.splice(0);
    world.sequence(publication);
    await eventually(() => expect(publication.heads).toEqual([head]));
    expect(publication.keys).toHaveLength(1);
  });

  test('shows the newest head by its one name, also where it failed to or another wrote there', async () => {
    const whole = publication.publish.bind(publication);
    publication.publish = async (head) => {
      await whole(head);
      publication.publish = whole;
      publication.shown = undefined;
      throw new Error('the second half failed');
    };
    world.sequence(publication, { settings: { compareMs: 30 } });
    await world.add('a', 2);
    await world.untilPublished(2n);
    await eventually(() => expect(publication.shown).toEqual(publication.heads[0]));
    publication.shown = undefined;
    await eventually(() => expect(publication.shown).toEqual(publication.heads[0]));
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
    await world.add('a', 1);
    await world.untilPublished(1n);
    expect(second.state).toBe('standby');
    await first.stop();
    await world.add('b', 1);
    await world.untilPublished(2n);
    expect(seals).toEqual(['first', 'second']);
    expect(await world.placed()).toEqual(['a-1', 'b-1']);
  });

  test('publishes no head of a batch that is not committed yet', async () => {
    const published: { size: bigint; committed: bigint }[] = [];
    const watched: Publication = {
      newest: () => publication.newest(),
      showNewest: (head) => publication.showNewest(head),
      certificates: (keyId) => publication.certificates(keyId),
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
    await world.add('a', 1);
    await world.untilPublished(1n);
    await world.add('b', 1);
    await world.untilPublished(2n);
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
    await world.untilPublished(5n);
    expect(seals).toHaveLength(4);
    expect(await world.placed()).toEqual(['a-1', 'a-2', 'a-3', 'a-4', 'a-5']);
  });
});

describe('the reader', () => {
  test('proves entries and heads at any size, as the verifier sees it', async () => {
    world.sequence(publication);
    await world.add('a', 300);
    await world.untilPublished(300n);
    const older = await world.newestHead();
    await world.add('b', 300);
    await world.untilPublished(600n);
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
    await world.add('a', 3);
    world.sequence(publication);
    await world.untilPublished(3n);
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
