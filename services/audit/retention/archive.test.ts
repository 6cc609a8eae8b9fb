import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { runCommand } from '@meridian/verifier/command.ts';
import { parseVerifierKey, tilePath, verifyInclusion } from '@meridian/verifier/index.ts';
import { EntryStore } from '../entry-store.ts';
import { EventStore } from '../event-store.ts';
import { leafHashOf } from '../leaf-hash.ts';
import { signCheckpoint } from '../log/checkpoint-note.ts';
import { LogReader } from '../log/log-reader.ts';
import { HistoryStore } from '../reconciliation/history-store.ts';
import { eventOf, ORDERS } from '../testing/events.ts';
import { LogWorld } from '../testing/log-world.ts';
import { placesFrom, PublicationInMemory } from '../testing/publication-in-memory.ts';
import { ORIGIN } from '../testing/settings.ts';
import { tablesLog } from '../testing/tables-log.ts';
import { OpenedHeads } from '../verification/opened-heads.ts';
import { verdictOn } from '../verification/verdict.ts';
import { ArchivedLog } from '../archive/archived-log.ts';
import { ArchiveStore } from './archive-store.ts';
import { countMovable, moveToArchive } from './move.ts';
import { openArchive } from '../archive/open-archive.ts';
import { writtenArchive } from '../archive/write-archive.ts';

/** Entries that are old; two bundles of them are full. */
const OLD = 530;
const YOUNG = 260;
const RECORDED = { size: OLD, keepDays: 90 };
/** Of the entries in full bundles, all but those that nothing of the same aggregate supersedes. */
const MOVABLE = 512;

let world: LogWorld;
let publication: PublicationInMemory;
let archives: ArchiveStore;
let folder = path.join(tmpdir(), 'meridian-archive-none');

beforeAll(async () => {
  world = await LogWorld.create();
  archives = new ArchiveStore(world.process.database, 90);
}, 90_000);

afterAll(() => world.close());

/** A log that is 100 days old but for its last entries, and a new folder. */
beforeEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-archive-'));
  await world.reset();
  publication = new PublicationInMemory();
  world.sequence(publication);
  const { database } = world.process;
  const events = ['a', 'b'].flatMap((subject) => versions(subject, 1, OLD / 2));
  await new EventStore(database).add(events);
  await untilPublished(OLD);
  await world.asTamperer(`UPDATE events SET ingested_at = ingested_at - interval '100 days';
    UPDATE checkpoints SET signed_at = signed_at - interval '100 days'`);
  await new EventStore(database).add(versions('b', OLD / 2 + 1, YOUNG));
  await untilPublished(OLD + YOUNG);
});

function versions(subject: string, first: number, count: number) {
  return Array.from({ length: count }, (_, at) => eventOf(subject, first + at));
}

async function untilPublished(size: number): Promise<void> {
  await eventually(async () => expect((await world.newestHead())?.size).toBe(BigInt(size)));
}

const keys = () => publication.keys.map(({ vkey }) => parseVerifierKey(vkey));
const published = (largest = Infinity) =>
  new OpenedHeads(
    { kept: publication.heads.filter(({ size }) => size <= largest).map(({ note }) => note) },
    { keys: keys() },
  );
const shown = () => tablesLog(world.process.database);

async function write(into = folder, earlier?: string) {
  const { head } = await archives.plan();
  return writtenArchive({
    ...{
      log: shown(),
      folder: into,
      publishedUpTo: (size: number) => Promise.resolve(published(size)),
    },
    head: head && { note: head.note, size: Number(head.size) },
    ...(earlier === undefined ? {} : { earlier }),
    onProgress: () => undefined,
  });
}

/** As the command does it, from the first file to the last row. */
async function archived(): Promise<number> {
  await write();
  await archives.record(BigInt(OLD));
  await untilPublished(OLD + YOUNG + 1);
  return moveToArchive(world.superuser, RECORDED);
}

async function withoutData(): Promise<number> {
  const { rowCount } = await world.superuser.query('SELECT FROM events WHERE data IS NULL');
  return rowCount ?? 0;
}

test('what old entries carried moves to files that anybody verifies, and the log is as whole as before', async () => {
  expect(await archives.plan()).toMatchObject({ keepDays: 90, head: { size: BigInt(OLD) } });
  expect(await archived()).toBe(MOVABLE - 1);
  expect(await moveToArchive(world.superuser, RECORDED)).toBe(0);
  const said: string[] = [];
  const out = { write: (text: string) => said.push(text) };
  const trust = publication.keys.flatMap(({ vkey }) => ['--key', vkey]);
  expect(await runCommand(['verify', '--log', folder, ...trust], out, out)).toBe(0);
  expect(said.join('')).toContain(`verified: ${OLD} leaves, 2 aggregates`);

  // The newest of each aggregate stays: 'a-265' is in a full bundle, and superseded by nothing.
  const { rows } = await world.superuser.query<{ id: string }>(
    `SELECT id FROM entries JOIN events USING (source, id)
     WHERE index < ${MOVABLE} AND data IS NOT NULL`,
  );
  expect(rows).toEqual([{ id: `a-${OLD / 2}` }]);

  const alone = await verdictOn(shown(), published());
  expect(alone).toMatchObject({ findingCount: 0, incompleteCount: 0, archived: MOVABLE - 1 });
  const whole = new ArchivedLog(shown(), await openArchive(folder));
  const together = await verdictOn(whole, published());
  expect(together).toMatchObject({ findingCount: 0, incompleteCount: 0, archived: 0 });
  expect(together.entries).toBe(OLD + YOUNG + 1);

  const entry = await new EntryStore(world.process.database).get(7n);
  const head = published().newest?.head ?? { size: 0, root: Buffer.of() };
  const proof = await new LogReader(world.process.database).inclusionProof(7n, BigInt(head.size));
  expect(entry?.event).toMatchObject({ id: 'a-8', data: new Uint8Array() });
  verifyInclusion(leafHashOf(entry?.event ?? eventOf('a', 8)), { index: 7, path: proof }, head);
  const histories = new HistoryStore(world.process.database);
  const page = await histories.list({
    ...{ source: ORDERS, subjects: [], place: undefined, limit: OLD },
  });
  expect(page.events.filter(({ archivedLeaf }) => archivedLeaf !== undefined)).toHaveLength(
    MOVABLE - 1,
  );
  // It is known as before, so that a record which is read again enters nothing.
  const store = new EventStore(world.process.database);
  expect(await store.add([eventOf('a', 8)])).toBe(0);
  const other = { ...eventOf('a', 9), correlationId: 'other' };
  expect(await store.conflicting([eventOf('a', 8), other])).toMatchObject([{ id: 'a-9' }]);
});

test('a row whose data has moved is held against the archive in all that it still says', async () => {
  await archived();
  await world.asTamperer(`UPDATE events SET correlation_id = 'other' WHERE id = 'a-8'`);
  const whole = new ArchivedLog(shown(), await openArchive(folder));
  expect((await verdictOn(whole, published())).findings).toMatchObject([
    { kind: 'leaf', index: 7 },
  ]);
  await world.asTamperer(`UPDATE events SET correlation_id = 'a',
    archived_leaf = set_byte(archived_leaf, 3, 7 # get_byte(archived_leaf, 3)) WHERE id = 'a-8'`);
  const alone = await verdictOn(shown(), published());
  expect(alone.findings).toMatchObject([{ kind: 'leaf', index: 7 }]);
  const both = await verdictOn(whole, published());
  expect(both.findings).toMatchObject([{ kind: 'leaf', index: 7 }]);
  expect(both.lackingCount).toBe(0);
});

test('an archive that is damaged, or lacks what has moved since, says nothing against the log', async () => {
  await archived();
  const file = path.join(folder, tilePath('entries', 1, 256));
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const damaged = new ArchivedLog(shown(), await openArchive(folder));
  expect(await verdictOn(damaged, published())).toMatchObject({
    ...{ findingCount: 0, incompleteCount: 0, archived: 1 },
    ...{ lackingCount: 1, lacking: [{ kind: 'archive', index: 511 }] },
  });
  rmSync(file);
  const older = new ArchivedLog(shown(), await openArchive(folder));
  expect(await verdictOn(older, published())).toMatchObject({
    ...{ findingCount: 0, archived: 255, lackingCount: 255 },
  });
});

test('an archive with one byte changed is refused, and nothing moves', async () => {
  await write();
  const file = path.join(folder, tilePath('entries', 1, 256));
  const bytes = readFileSync(file);
  bytes[9_999] = (bytes[9_999] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  await expect(write()).rejects.toMatchObject({ code: 'AUDIT_ARCHIVE_REFUSED' });
  await expect(moveToArchive(world.superuser, RECORDED)).rejects.toThrow('must be recorded');
  expect(await withoutData()).toBe(0);
});

test('whatever is broken off is done again, and loses nothing', async () => {
  await write();
  // In the middle of writing: the head comes last.
  rmSync(path.join(folder, 'checkpoint'));
  expect(await write()).toMatchObject({ written: true, archive: { size: OLD } });
  expect(await write()).toMatchObject({ written: false, archive: { size: OLD } });
  // Between the file and the record, and between the record and its head.
  await expect(moveToArchive(world.superuser, RECORDED)).rejects.toThrow('must be recorded');
  publication.before = (call) => {
    if (call === 'publish') throw new Error('the place is full');
  };
  await archives.record(BigInt(OLD));
  await archives.record(BigInt(OLD));
  const entries = new EntryStore(world.process.database);
  await eventually(async () => expect(await entries.size()).toBe(BigInt(OLD + YOUNG + 1)));
  await expect(moveToArchive(world.superuser, RECORDED)).rejects.toThrow('must be recorded');
  expect(await withoutData()).toBe(0);
  publication.before = () => undefined;
  await untilPublished(OLD + YOUNG + 1);
  expect(await countMovable(world.superuser, RECORDED)).toMatchObject({ entries: MOVABLE - 1 });
  await world.superuser.query('SELECT move_to_archive($1, 90, 0, 256)', [OLD]);
  expect(await withoutData()).toBe(256);
  expect(await moveToArchive(world.superuser, RECORDED)).toBe(MOVABLE - 1 - 256);
});

test('nobody moves anything but the owner, and nothing that is young', async () => {
  await expect(archives.record(BigInt(OLD + YOUNG))).rejects.toMatchObject({
    status: 'FAILED_PRECONDITION',
  });
  const forEver = new ArchiveStore(world.process.database, undefined);
  expect(await forEver.plan()).toMatchObject({ keepDays: undefined, head: undefined });
  await expect(forEver.record(BigInt(OLD))).rejects.toThrow('meridian:auditKeepDays');
  await archives.record(BigInt(OLD));
  await untilPublished(OLD + YOUNG + 1);
  await expect(moveToArchive(world.superuser, { size: OLD, keepDays: 89 })).rejects.toThrow(
    'must be at least 90',
  );
  expect(await moveToArchive(world.superuser, { size: OLD, keepDays: 101 })).toBe(0);
  const { database } = world.process;
  const call = `SELECT move_to_archive(${OLD}, 90, 0, 256)`;
  await expect(database.query({ name: 'move', text: call })).rejects.toMatchObject({
    code: '42501',
  });
  const text = `INSERT INTO events (source, id, kind, type, subject, event_time, correlation_id,
    archived_leaf) VALUES ('s', 'i', 'event', 't', 's', now(), 'c', sha256(''))`;
  await expect(database.query({ name: 'nothing', text })).rejects.toMatchObject({
    constraint: 'events_with_data',
  });
});

test('an owner who says that something moves changes nothing else', async () => {
  await archived();
  for (const change of [
    `correlation_id = 'x', data = NULL, archived_leaf = sha256('') WHERE id = 'b-300'`,
    `data = 'x' WHERE id = 'b-300'`,
    `archived_leaf = sha256('') WHERE id = 'a-8'`,
  ]) {
    // One transaction.
    const text = `SELECT set_config('meridian.moving_to_archive', 'on', true); UPDATE events SET ${change}`;
    await expect(world.superuser.query(text)).rejects.toMatchObject({
      constraint: 'events_only_moved',
    });
  }
});

test('the change that makes room for archives reads no event that is there', async () => {
  const { rows } = await world.superuser.query(
    `SELECT conname AS name FROM pg_constraint WHERE conrelid = 'events'::regclass
     AND NOT convalidated ORDER BY 1`,
  );
  expect(rows).toEqual([{ name: 'events_archived_leaf' }, { name: 'events_carried' }]);
});

test('a successor seals what has moved by the hashes of its leaves, and a later archive grows out of the one before', async () => {
  await archived();
  await world.stopAll();
  const { privateKey } = generateKeyPairSync('ed25519');
  const ahead = { origin: `${ORIGIN}/1`, size: 9_999n, root: Buffer.alloc(32) };
  await publication.publish({ size: 9_999n, note: signCheckpoint(ahead, privateKey) });
  const second = new PublicationInMemory();
  const publications = placesFrom(1, publication, second, new PublicationInMemory());
  expect(await world.succeed(publications, { anyway: true })).toMatchObject({ log: 2 });
  publication = second;
  world.sequence(second, { publications });
  const size = OLD + YOUNG + 2;
  await untilPublished(size);
  const whole = new ArchivedLog(shown(), await openArchive(folder));
  expect(await verdictOn(whole, published())).toMatchObject({
    ...{ treeSize: size, findingCount: 0, archived: 0 },
  });
  await expect(moveToArchive(world.superuser, RECORDED)).rejects.toThrow('must be recorded');

  await world.asTamperer(`UPDATE events SET ingested_at = ingested_at - interval '100 days';
    UPDATE checkpoints SET signed_at = signed_at - interval '100 days'`);
  const later = path.join(folder, 'later');
  await expect(write(later)).rejects.toMatchObject({ code: 'AUDIT_ARCHIVE_REFUSED' });
  expect(await write(later, folder)).toMatchObject({ written: true, archive: { size } });
  await archives.record(BigInt(size));
  await untilPublished(size + 1);
  // The entries behind the full bundles of the archive before.
  expect(await moveToArchive(world.superuser, { size, keepDays: 90 })).toBeGreaterThan(200);
  const grown = new ArchivedLog(shown(), await openArchive(later));
  expect(await verdictOn(grown, published())).toMatchObject({
    findingCount: 0,
    archived: 0,
  });
});
