import type { Leaf } from './leaf.ts';
import { shortened } from './text.ts';
import { tilePath, TILE_WIDTH } from './tiles.ts';

/** What a leaf says it is. */
export type LeafName = Pick<Leaf, 'source' | 'id' | 'type' | 'subject' | 'version'>;

/**
 * A place at which a log is not what its signed heads say. `exposedBy` is the size of the first head given that
 * covers the place: whoever holds that head can show the change.
 */
export type Finding =
  /** A leaf is not the one whose hash the log has. */
  | {
      readonly kind: 'leaf';
      readonly index: number;
      /** As the leaf has it now; undefined where it can no longer be read. */
      readonly event: LeafName | undefined;
      readonly exposedBy: number;
    }
  /** Leaves and the hashes above them were rewritten together; heads say no nearer which leaf of them. */
  | {
      readonly kind: 'leaves';
      readonly first: number;
      readonly last: number;
      readonly exposedBy: number;
    }
  /** A hash in a tile is not what the leaves below give. */
  | {
      readonly kind: 'tile';
      readonly level: number;
      readonly index: number;
      readonly position: number;
      readonly exposedBy: number;
    }
  /** A tile or entry bundle is not there, or has another length. */
  | {
      readonly kind: 'unreadable';
      readonly level: number | 'entries';
      readonly index: number;
      readonly problem: string;
      readonly exposedBy: number;
    }
  /** Signed heads that are of no beginning of this log: it was forked, or shows others another history. */
  | { readonly kind: 'fork'; readonly size: number; readonly heads: number }
  /** A head that is published has more leaves than the log shows: it was cut, or shows an old state. */
  | { readonly kind: 'stale'; readonly size: number; readonly heads: number }
  /** A leaf that the heads cover is none of the format. */
  | {
      readonly kind: 'format';
      readonly index: number;
      readonly problem: string;
      readonly exposedBy: number;
    };

/** A history that is sealed as it is, but not whole. */
export type Incompleteness =
  /** Versions of an aggregate that no leaf has, although a later one is there. */
  | {
      readonly kind: 'gap';
      readonly source: string;
      readonly subject: string;
      readonly first: number;
      readonly last: number;
      /** The leaf with the version behind the gap. */
      readonly before: number;
    }
  /** A second leaf with a version that the aggregate already had. */
  | {
      readonly kind: 'repeated';
      readonly source: string;
      readonly subject: string;
      readonly version: number;
      readonly index: number;
    };

/** A finding as a sentence. */
export function describeFinding(finding: Finding | Incompleteness): string {
  switch (finding.kind) {
    case 'leaf':
      return `leaf ${finding.index}${nameOf(finding.event)} was changed; ${exposed(finding)}`;
    case 'leaves':
      return `leaves ${finding.first} to ${finding.last} are not those that were signed; ${exposed(finding)}`;
    case 'tile': {
      const { level, index, position } = finding;
      const of = level === 0 ? `leaf ${index * TILE_WIDTH + position}` : 'the tile below';
      return `${tilePath(level, index, TILE_WIDTH)}: hash ${position} is not that of ${of}; ${exposed(finding)}`;
    }
    case 'unreadable':
      return `${finding.problem} (${exposed(finding)})`;
    case 'fork':
      return `the head of ${finding.size} leaves${others(finding.heads)} is of another history than this log`;
    case 'stale':
      return `a head of ${finding.size} leaves${others(finding.heads)} was published, and the log shows fewer`;
    case 'format':
      return `leaf ${finding.index}: ${finding.problem} (${exposed(finding)})`;
    case 'gap': {
      const { first, last, before } = finding;
      const versions = first === last ? `version ${first}` : `versions ${first} to ${last}`;
      return `${aggregate(finding)}: ${versions} missing before leaf ${before}`;
    }
    case 'repeated':
      return `${aggregate(finding)}: version ${finding.version} a second time in leaf ${finding.index}`;
  }
}

const exposed = ({ exposedBy }: { readonly exposedBy: number }): string =>
  `the head of ${exposedBy} leaves exposes it`;

const others = (heads: number): string => (heads === 1 ? '' : ` (and ${heads - 1} after it)`);

const aggregate = ({ source, subject }: { readonly source: string; readonly subject: string }) =>
  `'${shortened(subject)}' of ${shortened(source)}`;

function nameOf(event: LeafName | undefined): string {
  if (event === undefined) return '';
  return ` (event ${shortened(event.id)}, ${shortened(event.type)}, version ${event.version ?? 'unknown'} of ${aggregate(event)})`;
}

/** What is found, up to a number that a report can hold; the rest is counted. */
export class Found<Kind> {
  readonly kept: Kind[] = [];
  count = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(finding: Kind): void {
    this.count += 1;
    if (this.kept.length < this.#most) this.kept.push(finding);
  }
}
