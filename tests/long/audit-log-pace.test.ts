import { spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EventStore } from '@meridian/audit/event-store.ts';
import { LogReader } from '@meridian/audit/log/log-reader.ts';
import { HASH_BYTES, TILE_WIDTH } from '@meridian/audit/log/merkle.ts';
import { DEFAULT_SEQUENCER_SETTINGS } from '@meridian/audit/log/sequencer.ts';
import { append, EMPTY_TREE } from '@meridian/audit/log/tree-edge.ts';
import { ObjectStore } from '@meridian/audit/publication/object-store.ts';
import type { Publication } from '@meridian/audit/publication/publication.ts';
import { PublishedHeads } from '@meridian/audit/publication/published-heads.ts';
import { CheckpointStoreProcess } from '@meridian/audit/testing/checkpoint-store-process.ts';
import { LogWorld } from '@meridian/audit/testing/log-world.ts';
import { someEvent } from '@meridian/audit/testing/events.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { markdownTable } from '@meridian/language/markdown-table.ts';
import { verifyInclusion } from '@meridian/verifier/proofs.ts';
import { durationsOf, timed } from '../../tools/bench/durations.ts';
import { atPace } from '../../tools/bench/load/open-loop.ts';
import { cacheFolder } from '../../tools/engines/cache.ts';
import { engineVersions } from '../../tools/engines/versions.ts';

/*
 * `npm run bench:audit`: how many entries a second the audit log seals when they wait in its queue, beside Tessera
 * on the same disk, each until the head that has the last entry is published; how soon a single entry is sealed; and
 * how long an inclusion proof takes, also of ten million entries, whose tiles are generated. It prints Markdown for
 * docs/performance.md. AUDIT_LOG_ENTRIES takes another number of entries.
 */

const ENTRIES = Number(process.env['AUDIT_LOG_ENTRIES'] ?? 100_000);
/** Of an order's event, about. */
const BYTES = 400;
const CHUNK = 1_000;
const PACED = { ratePerSecond: 200, seconds: 10 };
const PROOFS = 1_000;
/** Of a tree without events, of which there are only tiles. */
const GENERATED = Math.min(10_000_000, 100 * ENTRIES);
const GENERATED_LOG = 1_000;

const folder = mkdtempSync(path.join(tmpdir(), 'meridian-audit-pace-'));
let world: LogWorld;
let keeper: CheckpointStoreProcess;
let store: ObjectStore;

beforeAll(async () => {
  world = await LogWorld.create();
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    await world.superuser.query(`ALTER SYSTEM SET ${setting} = on`);
  }
  await world.superuser.query('SELECT pg_reload_conf()');
  keeper = await CheckpointStoreProcess.start(path.join(folder, 'store'));
  store = new ObjectStore(keeper.binding);
}, 120_000);

afterAll(async () => {
  await world.close();
  await store.close();
  await keeper.stop();
  rmSync(folder, { recursive: true });
});

/** Tessera's figures for as many entries of as many bytes. */
function tessera(): { readonly seconds: number; readonly sealedP95Ms: number } {
  const { version } = engineVersions['tessera-log'];
  const file = path.join(cacheFolder(), 'tessera-log', version, 'bin/tessera-log');
  const options = ['--folder', path.join(folder, 'tessera'), '--entries', String(ENTRIES)];
  const { status, stdout, stderr } = spawnSync(
    file,
    ['bench', ...options, '--bytes', String(BYTES), '--adders', String(4 * CHUNK)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`tessera-log ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as { readonly seconds: number; readonly sealedP95Ms: number };
}

/** Fills the tables of tiles as a log of so many entries has them; gives the root. Sequencers must have stopped. */
async function generateLog(size: number): Promise<Buffer> {
  const { superuser } = world;
  let tree = EMPTY_TREE;
  while (tree.size < size) {
    const count = Math.min(100 * TILE_WIDTH, size - tree.size);
    const hashes = randomBytes(count * HASH_BYTES);
    const leaves = Array.from({ length: count }, (_, at) =>
      hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
    );
    const grown = append(tree, leaves);
    await superuser.query(
      `INSERT INTO tiles (log, level, index, hashes)
       SELECT $1::integer, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])`,
      [
        GENERATED_LOG,
        grown.full.map(({ level }) => level),
        grown.full.map(({ index }) => index),
        grown.full.map((tile) => tile.hashes),
      ],
    );
    tree = grown.tree;
  }
  await superuser.query('UPDATE log_head SET log = $1, size = $2, root = $3, edge = $4', [
    ...[GENERATED_LOG, tree.size, tree.root, tree.edge],
  ]);
  await superuser.query('ANALYZE tiles');
  return tree.root;
}

/** How long proofs of random entries of a tree take. */
async function proofsOf(size: number): Promise<string[]> {
  const reader = new LogReader(world.process.database);
  const samples: number[] = [];
  for (let count = 0; count < PROOFS; count += 1) {
    const index = BigInt(randomInt(size));
    samples.push(await timed(() => reader.inclusionProof(index, BigInt(size))));
  }
  const { p50, p95 } = durationsOf(samples);
  return [String(size), p50.toFixed(2), p95.toFixed(2)];
}

/** Holds a proof of the last entry against the root, by the verifier. */
async function expectProven(size: number, root: Buffer): Promise<void> {
  const reader = new LogReader(world.process.database);
  const index = size - 1;
  const width = (index % TILE_WIDTH) + 1;
  const tile = await reader.tile(0, BigInt(Math.floor(index / TILE_WIDTH)), width);
  const path = await reader.inclusionProof(BigInt(index), BigInt(size));
  verifyInclusion(tile.subarray(-HASH_BYTES), { index, path }, { size, root });
}

test('the audit log seals what waits, what comes, and proves where it is', async () => {
  const { database } = world.process;
  const events = new EventStore(database);
  const fresh = (id: string) => someEvent(id, { data: randomBytes(BYTES) });
  for (let next = 0; next < ENTRIES; next += CHUNK) {
    const count = Math.min(CHUNK, ENTRIES - next);
    await events.add(Array.from({ length: count }, (_, place) => fresh(`e-${next + place}`)));
  }
  const heads = new PublishedHeads(store, world.process.runtime.log);
  /** By the size of each published head, when it was. */
  const published: { readonly size: number; readonly atMs: number }[] = [];
  const publication: Publication = {
    newest: () => heads.newest(),
    showNewest: (head) => heads.showNewest(head),
    certificates: (keyId) => heads.certificates(keyId),
    publishKey: (key) => heads.publishKey(key),
    publish: async (head) => {
      await heads.publish(head);
      published.push({ size: Number(head.size), atMs: performance.now() });
    },
  };
  const startMs = performance.now();
  const sealedAt = (size: number): number =>
    published.find((head) => head.size >= size)?.atMs ?? Number.NaN;
  const sequencer = world.sequence(publication, { settings: DEFAULT_SEQUENCER_SETTINGS });
  await eventually(() => expect(sealedAt(ENTRIES)).not.toBeNaN(), 600_000);
  const seconds = (sealedAt(ENTRIES) - startMs) / 1_000;

  const sentMs: number[] = [];
  const { failures } = await atPace(PACED, async () => {
    const number = sentMs.push(performance.now());
    await events.add([fresh(`paced-${number}`)]);
    sequencer.wake();
  });
  expect(failures).toEqual({});
  const total = ENTRIES + sentMs.length;
  await eventually(() => expect(sealedAt(total)).not.toBeNaN(), 60_000);
  const sealed = durationsOf(sentMs.map((ms, place) => sealedAt(ENTRIES + place + 1) - ms));

  const proofs: string[][] = [];
  for (let size = 1_000; size <= ENTRIES; size *= 10) proofs.push(await proofsOf(size));
  await world.stopAll();

  const other = tessera();
  await expectProven(GENERATED, await generateLog(GENERATED));
  proofs.push(await proofsOf(GENERATED));
  const row = (name: string, took: number, p95: number) => [
    ...[name, String(ENTRIES), (ENTRIES / took).toFixed(0), p95.toFixed(0)],
  ];
  const numbers = [
    row('audit', seconds, sealed.p95),
    row('Tessera 1.0.4, POSIX', other.seconds, other.sealedP95Ms),
    ['ratio', '', (other.seconds / seconds).toFixed(2), ''],
  ];
  process.stdout.write(
    [
      '',
      markdownTable(['log', 'entries', 'sealed a second', 'to sealed, p95 ms'], numbers, [0]),
      '',
      markdownTable(['entries in the tree', 'proof p50 ms', 'proof p95 ms'], proofs, []),
      '',
    ].join('\n'),
  );
  expect(proofs.length).toBeGreaterThan(0);
}, 1_200_000);
