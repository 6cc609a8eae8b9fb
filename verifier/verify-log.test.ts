import { describe, expect, test } from '@jest/globals';
import { EMPTY_ROOT } from './hashing.ts';
import { encodeLeaf } from './leaf.ts';
import type { TreeHead } from './proofs.ts';
import { headsOf, type MemoryLog, someEvent, someLeaves, writeLog } from './testing/memory-log.ts';
import { encodeBundle, leavesOf, subtreesAt, TILE_WIDTH, tilePath, widthOf } from './tiles.ts';
import type { LogVerification } from './verify-log.ts';
import { verifyLog } from './verify-log.ts';

/** The number of leaves that C2SP tlog-tiles has for an example: three levels, each with a partial tile. */
const LARGE = 70_000;
/** Two levels, each with a partial tile: five full tiles of leaves, and one of 20. */
const SMALL = 1300;

/** A log and some of its heads. */
function logOf(leaves: readonly Uint8Array[], sizes: readonly number[]) {
  const heads = headsOf(leaves, sizes);
  const head = heads.at(-1) ?? { size: 0, root: EMPTY_ROOT };
  return { leaves, log: writeLog(leaves), heads, head };
}

type TestLog = ReturnType<typeof logOf>;

const large = logOf(someLeaves(LARGE), [0, 1, 256, 300, 65_536, 65_600, 69_990, LARGE]);
const small = logOf(large.leaves.slice(0, SMALL), [256, 300, 700, 1024, 1290, SMALL]);

const findingsOf = async (
  { head, heads }: TestLog,
  source: MemoryLog,
  given: Partial<LogVerification> = {},
) => (await verifyLog({ source, head, heads, ...given })).findings;

/** Changes one leaf, as somebody with the database could. */
function editLeaf({ head }: TestLog, source: MemoryLog, index: number, leaf: Uint8Array): void {
  const tile = Math.floor(index / TILE_WIDTH);
  const width = widthOf(0, tile, head.size);
  const name = tilePath('entries', tile, width);
  const parts = leavesOf(source.resources.get(name) ?? Buffer.of(), width, name);
  source.resources.set(
    name,
    encodeBundle(parts.map((part, at) => (at === index % TILE_WIDTH ? leaf : part))),
  );
}

function flip({ head }: TestLog, source: MemoryLog, level: number, at: number): void {
  const index = Math.floor(at / TILE_WIDTH);
  const name = tilePath(level, index, widthOf(level, index, head.size));
  const bytes = Buffer.from(source.resources.get(name) ?? Buffer.of());
  const byte = (at % TILE_WIDTH) * 32 + 5;
  bytes[byte] = (bytes[byte] ?? 0) ^ 1;
  source.resources.set(name, bytes);
}

const someLeaf = (at: number): Uint8Array => encodeLeaf(someEvent(at));
const edited = (at: number): Uint8Array =>
  encodeLeaf({ ...someEvent(at), data: Buffer.from('another amount') });

/** A log that was changed at a leaf and made to agree with itself up to a level. */
function rewritten({ leaves, log }: TestLog, at: number, levels: number): MemoryLog {
  const changed = leaves.map((leaf, index) => (index === at ? edited(at) : leaf));
  const [source, other] = [log.copy(), writeLog(changed)];
  for (const [name, bytes] of other.resources) {
    const level = /^tile\/(\d)/.exec(name)?.[1];
    if (level === undefined || Number(level) < levels) source.resources.set(name, bytes);
  }
  return source;
}

/** tests/long/verifier-tampering has more of these. */
describe('a log of three levels', () => {
  test('that is as its heads say has no findings, and its events no gaps', async () => {
    const progress: number[] = [];
    const { log: source, head, heads } = large;
    const report = await verifyLog({
      ...{ source, head, heads },
      onProgress: (read) => progress.push(read),
    });
    expect(report).toMatchObject({
      ...{ leaves: LARGE, aggregates: 7, heads: heads.length },
      ...{ findings: [], incomplete: [], findingsCount: 0, incompleteCount: 0 },
    });
    expect([progress.length, progress.at(-1)]).toEqual([274, LARGE]);
  });

  test('names each of many changes', async () => {
    const source = large.log.copy();
    editLeaf(large, source, 600, edited(600));
    flip(large, source, 0, 51_203);
    flip(large, source, 1, 9);
    editLeaf(large, source, 66_000, edited(66_000));
    flip(large, source, 0, 65_590);
    expect(await findingsOf(large, source)).toMatchObject([
      { kind: 'leaf', index: 600, exposedBy: 65_536 },
      { kind: 'tile', level: 1, index: 0, position: 9, exposedBy: 65_536 },
      { kind: 'tile', level: 0, index: 200, position: 3, exposedBy: 65_536 },
      { kind: 'tile', level: 0, index: 256, position: 54, exposedBy: 65_600 },
      { kind: 'leaf', index: 66_000, exposedBy: 69_990 },
    ]);
  });
});

describe('a log', () => {
  test.each([0, 1, 255, 256, 257, 511, 512])('of %d leaves is verified', async (size) => {
    const part = logOf(large.leaves.slice(0, size), [size]);
    expect(await findingsOf(part, part.log)).toEqual([]);
    if (size === 0) return;
    const head = { size, root: large.head.root };
    expect(await findingsOf(part, part.log, { head, heads: [] })).toMatchObject([
      { kind: 'leaves', first: 0, last: size - 1, exposedBy: size },
    ]);
  });

  test('names a leaf that was edited, its event, and the first head that exposes it', async () => {
    const source = small.log.copy();
    editLeaf(small, source, 270, edited(270));
    editLeaf(small, source, SMALL - 1, Buffer.from('not a leaf'));
    expect(await findingsOf(small, source)).toEqual([
      {
        ...{ kind: 'leaf', index: 270, exposedBy: 300 },
        event: expect.objectContaining({ subject: 'order-4', id: 'event-270', version: 39 }),
      },
      { kind: 'leaf', index: SMALL - 1, event: undefined, exposedBy: SMALL },
    ]);
  });

  test('names both of two leaves that changed places', async () => {
    const source = small.log.copy();
    editLeaf(small, source, 1000, someLeaf(1001));
    editLeaf(small, source, 1001, someLeaf(1000));
    expect(await findingsOf(small, source)).toMatchObject([
      { kind: 'leaf', index: 1000, event: { id: 'event-1001' }, exposedBy: 1024 },
      { kind: 'leaf', index: 1001, event: { id: 'event-1000' }, exposedBy: 1024 },
    ]);
  });

  test.each([
    ['a full tile of leaves', 0, 3, 44, 1024],
    ['the partial tile of leaves', 0, 5, 19, SMALL],
    ['the partial tile above', 1, 0, 3, 1024],
  ])('names the hash that was edited in %s', async (_what, level, index, position, exposedBy) => {
    const source = small.log.copy();
    flip(small, source, level, index * TILE_WIDTH + position);
    const finding = { kind: 'tile', level, index, position, exposedBy };
    expect(await findingsOf(small, source)).toEqual([finding]);
  });

  test('names a leaf on the right edge although a tile above it was edited as well', async () => {
    const source = small.log.copy();
    editLeaf(small, source, 1291, edited(1291));
    flip(small, source, 1, 2);
    expect(await findingsOf(small, source)).toMatchObject([
      { kind: 'tile', level: 1, index: 0, position: 2 },
      { kind: 'leaf', index: 1291 },
    ]);
  });

  test.each([
    [270, 1, { first: 256, last: 299, exposedBy: 300 }],
    [310, 1, { first: 300, last: 511, exposedBy: 700 }],
    [1285, 9, { first: 1024, last: 1289, exposedBy: 1290 }],
  ])(
    'whose leaf %d was rewritten with the tiles above names the leaves that heads leave',
    async (at, levels, place) => {
      expect(await findingsOf(small, rewritten(small, at, levels))).toEqual([
        { kind: 'leaves', ...place },
      ]);
    },
  );

  test('says which head is of another history, and which is of more than the log shows', async () => {
    const { root } = large.head;
    const [fork, later, split] = [400, SMALL + 5, SMALL].map((size) => ({ size, root }));
    const ascending = (...more: readonly (TreeHead | undefined)[]) =>
      [...small.heads, ...more.filter((each) => each !== undefined)].sort(
        (one, other) => one.size - other.size,
      );
    expect(await findingsOf(small, small.log, { heads: ascending(fork, later) })).toEqual([
      { kind: 'fork', size: 400, heads: 1 },
      { kind: 'stale', size: SMALL + 5, heads: 1 },
    ]);
    expect(await findingsOf(small, small.log, { heads: ascending(split) })).toEqual([
      { kind: 'fork', size: SMALL, heads: 1 },
    ]);
    const heads = ascending(fork, later).reverse();
    await expect(findingsOf(small, small.log, { heads })).rejects.toThrow('ascending size');
  });

  test('names what is missing, cut or too long, and goes on behind it', async () => {
    const source = small.log.copy();
    const bytesOf = (name: string): Uint8Array => source.resources.get(name) ?? Buffer.of();
    source.resources.delete('tile/0/000');
    source.resources.delete('tile/entries/001');
    source.resources.set('tile/0/002', bytesOf('tile/0/002').subarray(1));
    const longer = Buffer.concat([bytesOf('tile/entries/003'), Buffer.of(0)]);
    source.resources.set('tile/entries/003', longer);
    source.resources.set('tile/entries/005.p/20', bytesOf('tile/entries/005.p/20').subarray(300));
    const found = await findingsOf(small, source);
    expect(
      found.map((each) => (each.kind === 'unreadable' ? [each.level, each.index] : each)),
    ).toEqual([
      [0, 0],
      ['entries', 1],
      [0, 2],
      ['entries', 3],
      ['entries', 5],
    ]);
  });

  test('of which nothing is left is unreadable, and no head is called another history', async () => {
    const source = small.log.copy();
    for (const name of source.resources.keys()) {
      if (/^tile\/[01]\//.test(name) || name === 'tile/entries/000') source.resources.delete(name);
    }
    const kinds = new Set((await findingsOf(small, source)).map(({ kind }) => kind));
    expect([...kinds]).toEqual(['unreadable']);
  });

  test('may have full tiles in place of partial ones', async () => {
    const part = logOf(large.leaves.slice(0, 300), [300]);
    for (const level of [0, 'entries'] as const) {
      part.log.resources.delete(tilePath(level, 1, 44));
      const full = small.log.resources.get(`tile/${level}/001`);
      part.log.resources.set(`tile/${level}/001`, full ?? Buffer.of());
    }
    expect(await findingsOf(part, part.log)).toEqual([]);
  });

  test('whose source fails gives no verdict', async () => {
    const source = small.log.copy();
    source.entries = () => Promise.reject(new Error('the disk is broken'));
    await expect(findingsOf(small, source)).rejects.toThrow('the disk is broken');
  });

  test('of other leaves than ours is told from one that was changed', async () => {
    const other = logOf([Buffer.from('anything'), someLeaf(0)], [2]);
    expect(await findingsOf(other, other.log)).toMatchObject([{ kind: 'format', index: 0 }]);
    expect(await findingsOf(other, other.log, { leaves: 'opaque' })).toEqual([]);
  });

  test('counts what a report cannot hold', async () => {
    const source = small.log.copy();
    for (let at = 0; at < SMALL; at += 1) editLeaf(small, source, at, edited(at));
    const { head } = small;
    const report = await verifyLog({ source, head });
    expect([report.findings.length, report.findingsCount]).toEqual([1000, SMALL]);
  });
});

test('the levels of the example have the widths that its specification gives', () => {
  expect([0, 1, 2, 3].map((level) => subtreesAt(level, LARGE))).toEqual([70_000, 273, 1, 0]);
  expect([widthOf(0, 273, LARGE), widthOf(1, 1, LARGE), widthOf(2, 0, LARGE)]).toEqual([
    112, 17, 1,
  ]);
  expect(tilePath(0, 1_234_067, 256)).toBe('tile/0/x001/x234/067');
  expect(tilePath(63, 5, 255)).toBe('tile/63/005.p/255');
});
