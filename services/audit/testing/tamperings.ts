import { expect } from '@jest/globals';
import type { Session, Statement } from '@meridian/kit/postgres/database.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import type { Finding } from '@meridian/verifier/findings.ts';
import { randomBelow } from '@meridian/verifier/testing/tampering.ts';
import type { PoolClient, QueryResultRow } from 'pg';
import { EntryStore } from '../entry-store.ts';
import { EventStore } from '../event-store.ts';
import { encodeLeaf } from '../leaf.ts';
import { hashLeaf } from '../log/merkle.ts';
import { append, EMPTY_TREE } from '../log/tree-edge.ts';
import { judge } from './judge.ts';
import { eventOf } from './events.ts';
import type { LogWorld } from './log-world.ts';
import { PublicationInMemory } from './publication-in-memory.ts';

/** Entries: two full tiles, and a part of the third. */
const SIZE = 560;
/** Heads are published so far apart. */
const STEP = 80;
const TILE = 256;

/** A place in the findings of the verifier, or what is like it. */
type Place = Partial<Record<string, unknown>> & { readonly kind: Finding['kind'] };

/** Changes tables as a superuser who has switched off the triggers; returns where that has to be found. */
type Tampering = (
  sql: (text: string, values?: readonly unknown[]) => Promise<void>,
  below: (bound: number) => number,
  session: Session,
) => Promise<readonly Place[]>;

/** The first head that covers an entry. */
const exposedBy = (index: number): number => (Math.floor(index / STEP) + 1) * STEP;

const leaf = (index: number): Place => ({ kind: 'leaf', index, exposedBy: exposedBy(index) });

/** What cannot be shown any more: which bundle, and from where it is cut. */
const cut = (index: number): Place => ({
  kind: 'unreadable',
  level: 'entries',
  index: Math.floor(index / TILE),
});

const THE_EVENT =
  '(source, id) = (SELECT source, id FROM entries WHERE log = 1 AND index = $1::bigint)';

/** The change of one attribute of one event, whatever the value was. */
const edit =
  (change: string): Tampering =>
  async (sql, below) => {
    const index = below(SIZE);
    await sql(`UPDATE events SET ${change} WHERE ${THE_EVENT}`, [index]);
    return [leaf(index)];
  };

const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'the data is edited': edit(`data = set_byte(data, 5, (get_byte(data, 5) + 1) % 256)`),
  'the data is cut': edit(`data = substring(data FROM 2)`),
  'the time is edited': edit(`event_time = event_time + interval '1 millisecond'`),
  'the type is edited': edit(`type = type || 's'`),
  'the subject is edited': edit(`subject = subject || '0'`),
  'the version is edited': edit(`version = version + 1000`),
  'the version is taken away': edit(`version = NULL`),
  'the kind is edited': edit(`kind = 'baseline'`),
  'the cause is edited': edit(`causation_id = coalesce(causation_id, '') || 'x'`),
  'the correlation is edited': edit(`correlation_id = correlation_id || 'x'`),
  'texts move into one another': edit(
    `type = type || left(subject, 1), subject = substring(subject FROM 2)`,
  ),
  'an event gets another id': async (sql, below) => {
    const index = below(SIZE);
    await sql(`UPDATE events SET id = id || 'x' WHERE ${THE_EVENT}`, [index]);
    await sql(`UPDATE entries SET id = id || 'x' WHERE index = $1`, [index]);
    return [leaf(index)];
  },
  'two entries change places': async (sql, below) => {
    const one = below(SIZE);
    const other = (one + 1 + below(SIZE - 1)) % SIZE;
    await sql('UPDATE entries SET index = index + 1000000 WHERE index IN ($1, $2)', [one, other]);
    await sql(
      'UPDATE entries SET index = $1::bigint + $2 + 1000000 - index WHERE index >= 1000000',
      [one, other],
    );
    return [leaf(Math.min(one, other)), leaf(Math.max(one, other))];
  },
  'an event is deleted': async (sql, below) => {
    const index = below(SIZE);
    await sql(`DELETE FROM events WHERE ${THE_EVENT}`, [index]);
    return [cut(index)];
  },
  'an entry is deleted': async (sql, below) => {
    const index = below(SIZE);
    await sql('DELETE FROM entries WHERE index = $1', [index]);
    return [cut(index)];
  },
  'an event is added in between': async (sql, below) => {
    const index = below(SIZE);
    await sql('UPDATE entries SET index = index + 1000000 WHERE index >= $1', [index]);
    await sql('UPDATE entries SET index = index - 999999 WHERE index >= 1000000');
    await sql(
      `INSERT INTO events SELECT source, 'forged', kind, type, subject, version, event_time,
              causation_id, correlation_id, data FROM events WHERE id = 'order-0-1'`,
    );
    await sql(
      `INSERT INTO entries SELECT log, $1::bigint, source, 'forged' FROM entries
       WHERE id = 'order-0-1'`,
      [index],
    );
    return Array.from({ length: SIZE - index }, (_, at) => leaf(index + at));
  },
  'a hash of a full tile is edited': async (sql, below) => {
    const [index, byte] = [below(2), below(TILE * 32)];
    await sql(
      `UPDATE tiles SET hashes = set_byte(hashes, $2, get_byte(hashes, $2) # 1)
       WHERE level = 0 AND index = $1`,
      [index, byte],
    );
    const position = Math.floor(byte / 32);
    const by = exposedBy(index * TILE + position);
    return [{ kind: 'tile', level: 0, index, position, exposedBy: by }];
  },
  'a hash of the right edge is edited': async (sql, below) => {
    const level = below(2);
    const byte = below((level === 0 ? SIZE % TILE : 2) * 32);
    await sql(`UPDATE log_head SET edge[$1] = set_byte(edge[$1], $2, get_byte(edge[$1], $2) # 1)`, [
      level + 1,
      byte,
    ]);
    return [{ kind: 'tile', level, index: level === 0 ? 2 : 0, position: Math.floor(byte / 32) }];
  },
  'a tile is deleted': async (sql, below) => {
    const index = below(2);
    await sql('DELETE FROM tiles WHERE index = $1', [index]);
    return [{ kind: 'unreadable', level: 0, index }];
  },
  'the end is cut off': async (sql, below) => {
    const kept = 2 * TILE + below(SIZE - 2 * TILE - 1);
    await sql('DELETE FROM entries WHERE index >= $1', [kept]);
    await sql(
      `UPDATE log_head SET size = $1::bigint, edge[1] = substring(edge[1] FOR ($1 - 512) * 32)`,
      [kept],
    );
    return [{ kind: 'unreadable', level: 0, index: 2 }, cut(kept)];
  },
  'an event is edited, and its whole tree with it': async (sql, below, session) => {
    const index = below(SIZE);
    await sql(`UPDATE events SET data = data || '!'::bytea WHERE ${THE_EVENT}`, [index]);
    const leaves = await new EntryStore(session).events(0n, SIZE);
    const hashes = leaves.map((event) => hashLeaf(encodeLeaf(event)));
    const { tree, full } = append(EMPTY_TREE, hashes);
    await sql('UPDATE log_head SET root = $1, edge = $2', [tree.root, tree.edge]);
    for (const tile of full) {
      await sql('UPDATE tiles SET hashes = $2 WHERE level = 0 AND index = $1', [
        tile.index,
        tile.hashes,
      ]);
    }
    // Heads say no nearer which: those before it are of this tree.
    const by = exposedBy(index);
    return [{ kind: 'leaves', first: by - STEP, last: by - 1, exposedBy: by }];
  },
};

/**
 * Changes the tables at random as a superuser who switches off their triggers, each time from the same state, and holds
 * what the verifier finds against what was done.
 */
export async function tamperWithTables(
  world: LogWorld,
  { times, seed }: { readonly times: number; readonly seed: number },
): Promise<void> {
  const publication = await prepared(world);
  const notes = publication.heads.map(({ note }) => note);
  const vkeys = publication.keys.map(({ vkey }) => vkey);
  const below = randomBelow(seed);
  const names = Object.keys(TAMPERINGS);
  const client = await world.superuser.connect();
  const session = sessionOf(client);
  try {
    expect(await judge(session, notes, vkeys)).toMatchObject({ findings: [], incomplete: [] });
    for (let time = 0; time < times; time += 1) {
      const name = names[time % names.length] ?? '';
      await client.query('BEGIN');
      for (const table of ['events', 'entries', 'tiles']) {
        await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      }
      const sql = async (text: string, values: readonly unknown[] = []): Promise<void> => {
        const { rowCount } = await client.query(text, [...values]);
        expect({ time, name, text, rowCount }).not.toEqual({ time, name, text, rowCount: 0 });
      };
      const places = await (TAMPERINGS[name] ?? edit(''))(sql, below, session);
      const { findings } = await judge(session, notes, vkeys);
      await client.query('ROLLBACK');
      expect({ time, name, findings }).toMatchObject({ time, name, findings: places });
    }
  } finally {
    client.release(true);
  }
}

/** A log with a head for every eighty entries. */
async function prepared(world: LogWorld): Promise<PublicationInMemory> {
  const publication = new PublicationInMemory();
  const store = new EventStore(world.process.database);
  const sequencer = world.sequence(publication);
  for (let size = STEP; size <= SIZE; size += STEP) {
    const events = Array.from({ length: STEP }, (_, at) => {
      const index = size - STEP + at;
      return eventOf(`order-${index % 50}`, Math.floor(index / 50) + 1);
    });
    await store.add(events);
    await eventually(() => expect(publication.heads.at(-1)?.size).toBe(BigInt(size)));
  }
  await sequencer.stop();
  expect(publication.heads).toHaveLength(SIZE / STEP);
  return publication;
}

/** A connection has one statement at a time. */
function sessionOf(client: PoolClient): Session {
  let last: Promise<unknown> = Promise.resolve();
  return {
    query: async <Row extends QueryResultRow>({ text, values = [] }: Statement) => {
      const next = last.then(() => client.query<Row>(text, [...values]));
      last = next.catch(() => undefined);
      return (await next).rows;
    },
  };
}
