import { expect } from '@jest/globals';
import type { Finding } from '../findings.ts';
import { encodeLeaf } from '../leaf.ts';
import type { TreeHead } from '../proofs.ts';
import { encodeBundle, leavesOf, subtreesAt, TILE_WIDTH, tilePath, widthOf } from '../tiles.ts';
import { verifyLog } from '../verify-log.ts';
import type { MemoryLog } from './memory-log.ts';
import { headsOf, levelsOf, someEvent, someLeaves, writeLog } from './memory-log.ts';

/** A log that is to be changed again and again, with a head for about every hundredth leaf. */
export interface TamperedLog {
  readonly leaves: readonly Uint8Array[];
  readonly log: MemoryLog;
  readonly heads: readonly TreeHead[];
  readonly head: TreeHead;
}

export function tamperedLog(size: number): TamperedLog {
  const leaves = someLeaves(size);
  const sizes = Array.from({ length: Math.floor(size / 97) }, (_, at) => (at + 1) * 97);
  const heads = headsOf(leaves, [...sizes, size]);
  return { leaves, log: writeLog(leaves), heads, head: { size, root: last(heads).root } };
}

const last = (heads: readonly TreeHead[]): TreeHead => {
  const head = heads.at(-1);
  if (head === undefined) throw new RangeError('A log without heads.');
  return head;
};

/** Whole numbers below a bound, the same for the same seed (mulberry32). */
export function randomBelow(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

/** A change of a copy of the log. @returns what must be found */
type Tampering = (
  of: TamperedLog,
  source: MemoryLog,
  below: (bound: number) => number,
) => readonly Expected[];

/** A finding, or what it is to match. */
type Expected = { readonly [Name in keyof Finding]: unknown } & Readonly<Record<string, unknown>>;

const expose = ({ heads }: TamperedLog, size: number): number =>
  heads.find((head) => head.size >= size)?.size ?? 0;

/** A place in one of the levels of tiles, each level as likely. */
function someHash({ head: { size } }: TamperedLog, below: (bound: number) => number) {
  let levels = 0;
  while (subtreesAt(levels, size) > 0) levels += 1;
  const level = below(levels);
  const at = below(subtreesAt(level, size));
  const [index, position] = [Math.floor(at / TILE_WIDTH), at % TILE_WIDTH];
  return { level, at, index, position, width: widthOf(level, index, size) };
}

function rewriteBundle(
  { head: { size } }: TamperedLog,
  source: MemoryLog,
  index: number,
  change: (leaves: Uint8Array[]) => readonly Uint8Array[],
): void {
  const width = widthOf(0, index, size);
  const name = tilePath('entries', index, width);
  const leaves = leavesOf(source.resources.get(name) ?? Buffer.of(), width, name);
  source.resources.set(name, encodeBundle(change([...leaves])));
}

const editedLeaf = (at: number): Uint8Array =>
  encodeLeaf({ ...someEvent(at), data: Buffer.from(`forged ${at}`) });

const nameOf = (at: number) => {
  const { source, id, type, subject, version } = someEvent(at);
  return { source, id, type, subject, version };
};

const tamperings: Readonly<Record<string, Tampering>> = {
  'a leaf is edited': (of, source, below) => {
    const index = below(of.head.size);
    rewriteBundle(of, source, Math.floor(index / TILE_WIDTH), (leaves) =>
      leaves.with(index % TILE_WIDTH, editedLeaf(index)),
    );
    return [{ kind: 'leaf', index, event: nameOf(index), exposedBy: expose(of, index + 1) }];
  },
  'two leaves of a bundle change places': (of, source, below) => {
    const index = below(of.head.size - 1);
    const at = index % TILE_WIDTH;
    if (at === TILE_WIDTH - 1) return tamper('a leaf is edited', of, source, below);
    rewriteBundle(of, source, Math.floor(index / TILE_WIDTH), (leaves) =>
      leaves.toSpliced(at, 2, ...leaves.slice(at, at + 2).reverse()),
    );
    return [0, 1].map((next) => ({
      ...{ kind: 'leaf', index: index + next, event: nameOf(index + 1 - next) },
      exposedBy: expose(of, index + next + 1),
    }));
  },
  'a bit of a tile is turned': (of, source, below) => {
    const { level, at, index, position, width } = someHash(of, below);
    const name = tilePath(level, index, width);
    const bytes = Buffer.from(source.resources.get(name) ?? Buffer.of());
    const byte = position * 32 + below(32);
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << below(8));
    source.resources.set(name, bytes);
    const exposedBy = expose(of, (at + 1) * TILE_WIDTH ** level);
    return [{ kind: 'tile', level, index, position, exposedBy }];
  },
  'a tile or bundle is cut or removed': (of, source, below) => {
    const { level, index, width } = someHash(of, below);
    const which = level === 0 && below(2) === 0 ? 'entries' : level;
    const name = tilePath(which, index, width);
    const bytes = source.resources.get(name) ?? Buffer.of();
    if (below(2) === 0) source.resources.delete(name);
    else source.resources.set(name, bytes.subarray(0, below(bytes.length)));
    const problem: unknown = expect.stringContaining(name);
    const exposedBy: unknown = expect.any(Number);
    return [{ kind: 'unreadable', level: which, index, problem, exposedBy }];
  },
  'a leaf is edited, and the hashes above it up to a level': (of, source, below) => {
    const index = below(of.head.size);
    const changed = of.leaves.with(index, editedLeaf(index));
    const levels = levelsOf(changed);
    const rewritten = 1 + below(levels.length);
    for (let level = 0; level < rewritten; level += 1) {
      const tile = Math.floor(index / TILE_WIDTH ** (level + 1));
      const hashes = (levels[level] ?? []).slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH);
      if (hashes.length > 0) {
        source.resources.set(tilePath(level, tile, hashes.length), Buffer.concat(hashes));
      }
    }
    rewriteBundle(of, source, Math.floor(index / TILE_WIDTH), (leaves) =>
      leaves.with(index % TILE_WIDTH, editedLeaf(index)),
    );
    // Heads leave the leaves between two of them; a tile that is not rewritten may leave fewer.
    const before = of.heads.findLast(({ size }) => size <= index)?.size ?? 0;
    const span = Math.min(TILE_WIDTH ** rewritten, of.head.size);
    const tile = Math.floor(index / span) * span;
    const full = tile + span <= of.head.size && TILE_WIDTH ** rewritten <= of.head.size;
    const [first, end] = [before, expose(of, index + 1)];
    const within = full
      ? { first: Math.max(first, tile), last: Math.min(end, tile + span) - 1 }
      : { first, last: end - 1 };
    return [{ kind: 'leaves', ...within, exposedBy: end }];
  },
};

function tamper(
  name: string,
  of: TamperedLog,
  source: MemoryLog,
  below: (bound: number) => number,
): readonly Expected[] {
  return tamperings[name]?.(of, source, below) ?? [];
}

/** Changes a log at random, each time from the same state, and holds what the verifier finds against what was done. */
export async function tamperRandomly(
  of: TamperedLog,
  { times, seed }: { readonly times: number; readonly seed: number },
): Promise<void> {
  const below = randomBelow(seed);
  const names = Object.keys(tamperings);
  for (let time = 0; time < times; time += 1) {
    const source = of.log.copy();
    const name = names[time % names.length] ?? '';
    const expected = tamper(name, of, source, below);
    const { findings } = await verifyLog({ source, head: of.head, heads: of.heads });
    expect({ time, name, findings }).toEqual({ time, name, findings: expected });
  }
}
