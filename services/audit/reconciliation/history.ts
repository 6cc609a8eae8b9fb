import type { Message } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { readTold, tellsState } from './aggregates.ts';
import type { AggregateKind, Told } from './aggregates.ts';
import { differencesOf } from './differences.ts';
import type { StoredEvent } from '../stored-event.ts';
import { VersionRanges } from './version-ranges.ts';
import type { VersionRange } from './version-ranges.ts';

/** An entry of the trail, as far as a replay reads it. */
export type TrailEntry = Pick<
  StoredEvent,
  'kind' | 'id' | 'type' | 'subject' | 'version' | 'data'
> & {
  /** Its data has moved to an archive: a later event of its type was told (docs/decisions/0069). */
  readonly archived?: boolean;
};

/** What a service says that one of its aggregates is. */
export interface Row {
  readonly version: bigint;
  readonly state: Message;
}

/** What must hold of an aggregate and does not. */
export interface Finding {
  readonly rule: Rule;
  readonly found: string;
}

export const RULES = [
  'every row has a history',
  'every version has an event',
  'every version has one event only',
  'every event can be read',
  'the trail says what the service has',
  'no row is older than its history',
  'every history has a row, unless its last event says that it is gone',
] as const;
export type Rule = (typeof RULES)[number];

/** What was found of one aggregate. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** The highest version that the trail has; 0 for none. */
  readonly last: bigint;
  /** The trail has not got the row's version; it may only be late. */
  readonly behind: boolean;
  /** What its history begins with is missing, so that a baseline could stand for it. */
  readonly headless: boolean;
}

/** Ranges of versions that one finding names. */
const RANGES_MAX = 5;

/**
 * What the entries of one aggregate tell, in whatever order they come. It is replayed to the version of the
 * row that the service has, whatever was told since, so that no common moment is needed.
 */
export class History {
  readonly #kind: AggregateKind;
  readonly #row: Row | undefined;
  readonly #events = new VersionRanges();
  readonly #versions = new VersionRanges();
  readonly #findings: Finding[] = [];
  #begin: bigint | undefined;
  #state: (Told & { readonly state: Message }) | undefined;
  #last: Told | undefined;
  #gone: bigint | undefined;
  /** The last version up to the row's whose state has moved to an archive. */
  #archived = 0n;

  constructor(kind: AggregateKind, row: Row | undefined) {
    this.#kind = kind;
    this.#row = row;
  }

  add(entry: TrailEntry): void {
    if (entry.archived === true) {
      this.#addArchived(entry);
      return;
    }
    const { kind, id, type, version: header, data } = entry;
    const told = readTold(this.#kind, type, data);
    const version = told?.version ?? header;
    if (
      told === undefined ||
      version === undefined ||
      version < 1n ||
      (header ?? version) !== version
    ) {
      const says =
        told === undefined
          ? `cannot be read as ${type} of a ${this.#kind.name}`
          : `says version ${version}`;
      this.#find('every event can be read', `${id}, version ${header ?? 'unknown'}, ${says}`);
    }
    if (version === undefined) return;
    if (kind === 'baseline') this.#begin = least(this.#begin, version);
    else this.#addVersion(version, id);
    this.#versions.add(version);
    if (told !== undefined) this.#replay(told, id);
  }

  /** Only events with versions are archived. What they told is no more the state of a row, unless the row is old. */
  #addArchived({ id, type, version = 0n }: TrailEntry): void {
    this.#addVersion(version, id);
    this.#versions.add(version);
    if (!tellsState(this.#kind, type) || version > (this.#row?.version ?? version)) return;
    if (version > this.#archived) this.#archived = version;
  }

  #addVersion(version: bigint, id: string): void {
    if (this.#events.has(version)) {
      this.#find('every version has one event only', `version ${version} is told again by ${id}`);
    } else this.#events.add(version);
  }

  judge(): Judgement {
    const row = this.#row;
    const last = this.#versions.last;
    if (row === undefined) return this.#judgeWithoutRow(last ?? 0n);
    const missing = this.#versions.missing(this.#begin ?? 1n, row.version);
    if (last === undefined && row.version > 0n) {
      this.#find('every row has a history', `version ${row.version} of it, and no entry`);
    } else this.#miss(missing, row.version);
    if (this.#gone !== undefined && this.#gone <= row.version) {
      this.#find(
        'the trail says what the service has',
        `gone since version ${this.#gone}, and the service has it`,
      );
    } else if (this.#versions.has(row.version) && this.#archived <= (this.#state?.version ?? 0n)) {
      // Else the row is older than its history, and is read again.
      this.#compare(row);
    }
    return this.#judged((last ?? 0n) < row.version, missing);
  }

  #judgeWithoutRow(last: bigint): Judgement {
    if (this.#last?.gone !== true) {
      this.#find(
        'every history has a row, unless its last event says that it is gone',
        `told up to version ${last}`,
      );
    }
    const missing = this.#versions.missing(this.#begin ?? 1n, last);
    this.#miss(missing, last);
    return this.#judged(false, missing);
  }

  #judged(behind: boolean, missing: readonly VersionRange[]): Judgement {
    const untold = this.#kind.folded && this.#state === undefined && !behind;
    const begun = this.#begin !== undefined || (missing[0]?.from !== 1n && !untold);
    const headless = this.#row !== undefined && !begun;
    return { findings: [...this.#findings], last: this.#versions.last ?? 0n, behind, headless };
  }

  #replay(told: Told, id: string): void {
    if (told.version >= (this.#last?.version ?? 0n)) this.#last = told;
    if (told.gone) this.#gone = told.version;
    const { version, state } = told;
    if (state === undefined || version > (this.#row?.version ?? version)) return;
    const before = this.#state;
    if (before?.version === version) {
      const differences = differencesOf(this.#kind.state, before.state, state);
      if (differences.length > 0) {
        const fields = differences.map(({ field }) => field).join(', ');
        this.#find(
          'every version has one event only',
          `version ${version} is told differently by ${id}: ${fields}`,
        );
      }
    } else if (version > (before?.version ?? 0n)) this.#state = { ...told, state };
  }

  #compare({ version, state }: Row): void {
    const { folded, state: schema } = this.#kind;
    const told = this.#state?.state;
    if (told === undefined) {
      this.#find(
        'the trail says what the service has',
        `nothing is told of it up to version ${version}`,
      );
      return;
    }
    // What was told last still holds at the versions that change nothing of it.
    const at = folded ? create(schema, { ...told, version }) : told;
    for (const { field, trail, service } of differencesOf(schema, at, state)) {
      this.#find(
        'the trail says what the service has',
        `${field} at version ${version}: the trail says ${trail}, the service has ${service}`,
      );
    }
  }

  #miss(missing: readonly VersionRange[], last: bigint): void {
    if (missing.length === 0) return;
    const named = missing
      .slice(0, RANGES_MAX)
      .map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`));
    const more = missing.length > RANGES_MAX ? ' and more' : '';
    this.#find('every version has an event', `of ${last}, missing: ${named.join(', ')}${more}`);
  }

  #find(rule: Rule, found: string): void {
    this.#findings.push({ rule, found });
  }
}

function least(one: bigint | undefined, other: bigint): bigint {
  return one === undefined || other < one ? other : one;
}
