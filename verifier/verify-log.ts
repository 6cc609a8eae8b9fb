import { AggregateVersions } from './aggregate-versions.ts';
import type { Finding, Incompleteness } from './findings.ts';
import { Found } from './findings.ts';
import { EMPTY_ROOT, hashLeaf, sameHash } from './hashing.ts';
import type { Leaf } from './leaf.ts';
import { decodeLeaf, decodeShown, isArchived } from './leaf.ts';
import type { LogSource, Read } from './log-source.ts';
import { readEntries, readTile } from './log-source.ts';
import { ParentTiles } from './parent-tiles.ts';
import type { TreeHead } from './proofs.ts';
import { PublishedHeads } from './published-heads.ts';
import { TILE_WIDTH, widthOf } from './tiles.ts';
import { rootOf, TreeRange } from './tree-range.ts';
import { VerificationError } from './verification-error.ts';

/** Findings that a report holds at the most. */
const MOST_FINDINGS = 1000;

/** Tiles that are asked for before they are needed, so that a log at a distance is read at its pace. */
const TILES_AHEAD = 8;

/** What is to be verified. */
export interface LogVerification {
  readonly source: LogSource;
  /** A head whose signature was checked. */
  readonly head: TreeHead;
  /**
   * Other heads of the log whose signatures were checked, by ascending size: that each is a beginning of this
   * log is checked in the same pass. @default none
   */
  readonly heads?: Iterable<TreeHead> | AsyncIterable<TreeHead>;
  /** `opaque`: leaves are of any format, so nothing is said of events and versions. @default meridian */
  readonly leaves?: 'meridian' | 'opaque';
  /**
   * Takes leaves that lack their data because it lies in an archive: that the log has one of the hash that is said is
   * checked, and nothing of what it says. @default false: such a leaf was changed
   */
  readonly withArchived?: boolean;
  /** Called with the hash of each leaf in their order, as far as it is known. */
  readonly onLeafHash?: (hash: Uint8Array | undefined) => void;
  /** Called with the number of leaves that were read, after each 256. */
  readonly onProgress?: (leaves: number) => void;
}

/** What a log is, as far as it could be read. */
export interface LogReport {
  readonly head: TreeHead;
  /** Leaves that were read. */
  readonly leaves: number;
  /** Those of them that lack their data, with `withArchived`. */
  readonly archived: number;
  /** Aggregates that have versions. */
  readonly aggregates: number;
  /** Heads that were compared, besides `head`. */
  readonly heads: number;
  /** Where the log is not what its heads say: the first 1,000. */
  readonly findings: readonly Finding[];
  readonly findingsCount: number;
  /** What the log does not have although it should: the first 1,000. */
  readonly incomplete: readonly Incompleteness[];
  readonly incompleteCount: number;
}

/**
 * Reads a whole log once, in the order of its leaves, and compares every leaf, every tile and every head with
 * each other (RFC 9162 section 2.1, C2SP tlog-tiles). Memory does not grow with the log, but with its aggregates.
 *
 * What differs is named where it was changed: hashes that lead to the signed root are right, so whatever
 * disagrees with one of them is wrong.
 *
 * @throws what the source throws, where the log cannot be read at all
 */
export async function verifyLog(given: LogVerification): Promise<LogReport> {
  const pass = new Pass(given, await PublishedHeads.open(given.heads ?? [], given.head));
  return pass.run();
}

type Parts = readonly Uint8Array[];

/** A level-0 tile and its leaves as the log shows them. */
interface Chunk {
  readonly index: number;
  readonly width: number;
  readonly tile: Read<Parts>;
  readonly entries: Read<Parts>;
}

class Pass {
  readonly #given: LogVerification;
  readonly #size: number;
  readonly #heads: PublishedHeads;
  readonly #findings = new Found<Finding>(MOST_FINDINGS);
  readonly #incomplete = new Found<Incompleteness>(MOST_FINDINGS);
  readonly #versions = new AggregateVersions((found) => this.#incomplete.add(found));
  /** The tree so far: of each level the hashes that are in no full tile yet. */
  readonly #ranges: TreeRange[] = [];
  #leaves = 0;
  #archived = 0;
  /** Whether a hash is missing to the left of what comes next, so that no root can be given. */
  #torn = false;

  constructor(given: LogVerification, heads: PublishedHeads) {
    this.#given = given;
    this.#size = given.head.size;
    this.#heads = heads;
  }

  async run(): Promise<LogReport> {
    const { source, head, onProgress } = this.#given;
    const parents = await ParentTiles.open(source, head, this.#unreadable);
    await this.#heads.check(0, EMPTY_ROOT);
    for await (const chunk of this.#chunks()) {
      await this.#take(chunk, parents);
      onProgress?.(chunk.index * TILE_WIDTH + chunk.width);
    }
    const root = this.#root();
    if (root !== undefined && !sameHash(root, head.root)) this.#rewritten(0, this.#size);
    for await (const finding of this.#heads.finish()) this.#findings.add(finding);
    this.#versions.finish();
    return {
      head,
      leaves: this.#leaves,
      archived: this.#archived,
      aggregates: this.#versions.count,
      heads: this.#heads.checked,
      findings: this.#findings.kept,
      findingsCount: this.#findings.count,
      incomplete: this.#incomplete.kept,
      incompleteCount: this.#incomplete.count,
    };
  }

  readonly #unreadable = (level: number | 'entries', index: number, problem: string): void => {
    const { exposing: exposedBy } = this.#heads;
    this.#findings.add({ kind: 'unreadable', level, index, problem, exposedBy });
  };

  async *#chunks(): AsyncIterable<Chunk> {
    const { source } = this.#given;
    const count = Math.ceil(this.#size / TILE_WIDTH);
    const asked: Promise<PromiseSettledResult<Chunk>[]>[] = [];
    for (let index = 0; index < count + TILES_AHEAD; index += 1) {
      if (index < count) asked.push(Promise.allSettled([chunkOf(source, index, this.#size)]));
      if (index < TILES_AHEAD) continue;
      const [settled] = (await asked.shift()) ?? [];
      if (settled?.status === 'rejected') throw settled.reason;
      if (settled !== undefined) yield settled.value;
    }
  }

  async #take(chunk: Chunk, parents: ParentTiles): Promise<void> {
    const { index, width } = chunk;
    const full = width === TILE_WIDTH;
    const above = full ? await parents.above(0, index) : undefined;
    const shown = full ? valueOf(chunk.tile) : parents.edge(0)?.hashes;
    if ('problem' in chunk.tile && full) this.#unreadable(0, index, chunk.tile.problem);
    if ('problem' in chunk.entries) this.#unreadable('entries', index, chunk.entries.problem);
    const leaves = valueOf(chunk.entries);
    const hashes = leaves?.map((leaf) => this.#hash(leaf));
    this.#leaves += leaves?.length ?? 0;

    const differing = places(hashes, shown);
    const fits = (candidate: Parts | undefined): boolean => {
      if (candidate === undefined) return false;
      const wanted = full ? above?.hash : this.#given.head.root;
      const root = full ? rootOf(candidate) : this.#root(candidate);
      return wanted !== undefined && root !== undefined && sameHash(root, wanted);
    };
    // Where the two differ, the one that what is above confirms is right: a leaf was changed, or the tile.
    const tileIsRight = differing.size > 0 && fits(shown);
    const leavesAreRight = differing.size > 0 && !tileIsRight && fits(hashes);
    const right = tileIsRight ? shown : (hashes ?? shown);
    for (let at = 0; at < width; at += 1) {
      const size = index * TILE_WIDTH + at + 1;
      const [leaf, hash] = [leaves?.[at], right?.[at]];
      if (differing.has(at) && leavesAreRight) this.#tileDiffers(0, size - 1);
      else if (differing.has(at)) this.#leafDiffers(size - 1, leaf);
      if (leaf !== undefined) this.#read(size - 1, leaf, differing.has(at));
      this.#given.onLeafHash?.(hash);
      if (hash !== undefined) this.#range(0).append(hash);
      // A full tile is compared with what is above it before a head of just that size is.
      if (full && at === width - 1) await this.#complete(0, index, parents);
      const known = right !== undefined || (full && at === width - 1);
      if (this.#heads.isDue(size)) await this.#heads.check(size, known ? this.#root() : undefined);
    }
    if (!full && right === undefined) this.#torn = true;
  }

  #hash(leaf: Uint8Array): Uint8Array {
    if (this.#given.withArchived !== true || !isArchived(leaf)) return hashLeaf(leaf);
    const read = this.#decode(leaf);
    return read instanceof VerificationError || read === undefined ? hashLeaf(leaf) : read.data;
  }

  #leafDiffers(index: number, leaf: Uint8Array | undefined): void {
    const { exposing: exposedBy } = this.#heads;
    const read = leaf === undefined ? undefined : this.#decode(leaf);
    const event = read instanceof VerificationError ? undefined : read;
    this.#findings.add({ kind: 'leaf', index, event: event && nameOf(event), exposedBy });
  }

  #read(index: number, leaf: Uint8Array, differs: boolean): void {
    const read = this.#decode(leaf);
    if (read instanceof VerificationError) {
      const { exposing: exposedBy } = this.#heads;
      // One that was changed is named as such.
      if (differs) return;
      this.#findings.add({ kind: 'format', index, problem: read.message, exposedBy });
    } else if (read !== undefined) {
      if (read.archived === true) this.#archived += 1;
      this.#versions.add(read, index);
    }
  }

  #decode(leaf: Uint8Array): Leaf | VerificationError | undefined {
    if (this.#given.leaves === 'opaque') return undefined;
    try {
      return this.#given.withArchived === true ? decodeShown(leaf) : decodeLeaf(leaf);
    } catch (error) {
      if (error instanceof VerificationError) return error;
      throw error;
    }
  }

  /** Compares a full tile with what is above it, and goes on with the one of the two that is right. */
  async #complete(level: number, index: number, parents: ParentTiles): Promise<void> {
    const range = this.#range(level);
    const hash = range.size === TILE_WIDTH ? range.root() : undefined;
    range.clear();
    const above = await parents.above(level, index);
    let right = hash ?? above.hash;
    if (hash !== undefined && above.hash !== undefined && !sameHash(hash, above.hash)) {
      if (above.signed) {
        const leaves = TILE_WIDTH ** (level + 1);
        this.#rewritten(index * leaves, (index + 1) * leaves);
        right = above.hash;
      } else {
        this.#tileDiffers(level + 1, index);
      }
    }
    if (right === undefined) this.#torn = true;
    else this.#range(level + 1).append(right);
    if (index % TILE_WIDTH !== TILE_WIDTH - 1) return;
    await this.#complete(level + 1, Math.floor(index / TILE_WIDTH), parents);
  }

  /** @param at of the hash within its level */
  #tileDiffers(level: number, at: number): void {
    const [index, position] = [Math.floor(at / TILE_WIDTH), at % TILE_WIDTH];
    const { exposing: exposedBy } = this.#heads;
    this.#findings.add({ kind: 'tile', level, index, position, exposedBy });
  }

  #rewritten(from: number, to: number): void {
    this.#findings.add(this.#heads.explain(from, to));
  }

  #range(level: number): TreeRange {
    return (this.#ranges[level] ??= new TreeRange());
  }

  /**
   * The root of the tree so far.
   *
   * @param instead leaves in place of the hashes that are in no full tile yet
   */
  #root(instead?: Parts): Uint8Array | undefined {
    if (this.#torn) return undefined;
    let root: Uint8Array | undefined;
    this.#range(0);
    for (const [level, range] of this.#ranges.entries()) {
      root = level === 0 && instead !== undefined ? rootOf(instead) : range.rootBefore(root);
    }
    return root ?? EMPTY_ROOT;
  }
}

async function chunkOf(source: LogSource, index: number, size: number): Promise<Chunk> {
  const width = widthOf(0, index, size);
  const [tile, entries] = await Promise.all([
    // A partial tile was read already: it is on the right edge.
    width === TILE_WIDTH ? readTile(source, 0, index, width) : { value: [] },
    readEntries(source, index, width),
  ]);
  return { index, width, tile, entries };
}

function valueOf<Value>(read: Read<Value>): Value | undefined {
  return 'value' in read ? read.value : undefined;
}

function places(one: Parts | undefined, other: Parts | undefined): ReadonlySet<number> {
  const differing = new Set<number>();
  if (one === undefined || other === undefined) return differing;
  one.forEach((hash, at) => {
    const counterpart = other[at];
    if (counterpart === undefined || !sameHash(hash, counterpart)) differing.add(at);
  });
  return differing;
}

function nameOf({ source, id, type, subject, version }: Leaf) {
  return { source, id, type, subject, version };
}
