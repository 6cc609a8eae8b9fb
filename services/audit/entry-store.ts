import type { Session } from '@meridian/kit/postgres/database.ts';
import { COLUMNS, entryOf } from './entry-row.ts';
import type { EntryRow, StoredEntry } from './entry-row.ts';
import { MAX_LEAF_BYTES } from './leaf.ts';
import type { StoredEvent } from './stored-event.ts';

/** Which entries are wanted; an empty text means all. */
export interface EntryFilter {
  readonly source: string;
  readonly subject: string;
  readonly correlationId: string;
  readonly type: string;
  readonly eventId: string;
}

/** A part of the log, from an index to below another. */
export interface IndexRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** A page of what was asked for. */
export interface EntryPage {
  readonly entries: readonly StoredEntry[];
  /** Index to go on from; undefined if nothing is left. */
  readonly next: bigint | undefined;
}

/** Of data in an answer; a call takes 4 MiB, and an entry has its data twice. */
const PAGE_BYTES = 600_000;
/** Of leaves in an answer. */
const LEAVES_BYTES = 3_000_000;
/** Where no index finds what is wanted, a page looks at so many entries. */
const SCANNED_MAX = 10_000n;
/** Reads everything below it. */
const END = (1n << 63n) - 1n;

/** Reads entries; nothing here writes. */
export class EntryStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** How many entries there are. */
  async size(): Promise<bigint> {
    const [row] = await this.#session.query<{ readonly size: string }>({
      name: 'entries_size',
      text: 'SELECT size FROM log_head',
    });
    return BigInt(row?.size ?? 0);
  }

  async get(index: bigint): Promise<StoredEntry | undefined> {
    const { entries } = await this.#read('entry', ALL, { from: index, to: index + 1n }, 1);
    return entries[0];
  }

  /** Entries in their order, fewer than `limit` too where they are large or rare. */
  async list(filter: EntryFilter, range: IndexRange, limit: number): Promise<EntryPage> {
    const { source, subject, correlationId, type, eventId } = filter;
    if (eventId !== '') return this.#read('entries_of_event', OF_EVENT, range, limit, filter);
    if (correlationId !== '') return this.#read('entries_of_story', OF_STORY, range, limit, filter);
    if (subject !== '') return this.#read('entries_of_subject', OF_SUBJECT, range, limit, filter);
    if (source === '' && type === '') return this.#read('entries', ALL, range, limit);
    const scanned = { from: range.from, to: least(range.to, range.from + SCANNED_MAX) };
    const found = await this.#read('entries_scanned', SCANNED, scanned, limit, filter);
    const end = least(range.to, await this.size());
    if (found.next !== undefined || scanned.to >= end) return found;
    return { ...found, next: scanned.to };
  }

  /** The last entry of an aggregate that is not later than a time. */
  async stateAt(source: string, subject: string, time: Date): Promise<StoredEntry | undefined> {
    const [row] = await this.#session.query<EntryRow>({
      name: 'entry_at',
      text: STATE_AT,
      values: [source, subject, time],
    });
    return row && entryOf(row);
  }

  /** The events of consecutive entries, so many that their leaves fit into an answer. */
  async events(from: bigint, limit: number): Promise<readonly StoredEvent[]> {
    const rows = await this.#session.query<EntryRow>({
      name: 'entries_in_order',
      text: IN_ORDER,
      values: [from.toString(), limit, LEAVES_BYTES, MAX_LEAF_BYTES],
    });
    return rows.map((row) => entryOf(row).event);
  }

  async #read(
    name: string,
    from: string,
    range: IndexRange,
    limit: number,
    filter?: EntryFilter,
  ): Promise<EntryPage> {
    const values = [range.from, least(range.to, END), limit + 1, PAGE_BYTES];
    const { source, subject, correlationId, type, eventId } = filter ?? NO_FILTER;
    const rows = await this.#session.query<EntryRow & { readonly fits: boolean }>({
      name,
      text: from,
      values: filter
        ? [...values, source, subject, correlationId, type, eventId].map(text)
        : values.map(text),
    });
    const entries = rows.filter(({ fits }, at) => fits && at < limit).map(entryOf);
    const left = rows[entries.length];
    return { entries, next: left && BigInt(left.index) };
  }
}

const NO_FILTER: EntryFilter = {
  source: '',
  subject: '',
  correlationId: '',
  type: '',
  eventId: '',
};

const text = (value: bigint | number | string): string => String(value);

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

/** Entries of the rows `wanted (index, source, id)`, with data of so many bytes, or the first one. */
const page = (wanted: string): string => `
  WITH ${wanted}, measured AS (
    SELECT entry.index, entry.source, entry.id,
           sum(coalesce(octet_length(event.data), 0)) OVER (ORDER BY entry.index) <= $4::bigint
             OR row_number() OVER (ORDER BY entry.index) = 1 AS fits
    FROM wanted AS entry JOIN events AS event USING (source, id)
  )
  SELECT ${COLUMNS}, entry.fits
  FROM (SELECT * FROM measured ORDER BY index LIMIT $3::integer) AS entry
  JOIN events AS event USING (source, id)
  ORDER BY entry.index`;

/** Of the log that is written now; those before it have indexes of their own. */
const IN_LOG = 'entry.log = (SELECT log FROM log_head)';

const IN_RANGE = `${IN_LOG} AND entry.index >= $1::bigint AND entry.index < $2::bigint`;

const ALL = page(`
  wanted AS (
    SELECT index, source, id FROM entries AS entry
    WHERE ${IN_RANGE} ORDER BY index LIMIT $3::integer)`);

/** The parts of a filter that no index is for. */
const REST = `
  ($5::text = '' OR event.source = $5) AND ($6::text = '' OR event.subject = $6)
  AND ($7::text = '' OR event.correlation_id = $7) AND ($8::text = '' OR event.type = $8)
  AND ($9::text = '' OR event.id = $9)`;

const SCANNED = page(`
  wanted AS (
    SELECT entry.index, entry.source, entry.id
    FROM entries AS entry JOIN events AS event USING (source, id)
    WHERE ${IN_RANGE} AND ${REST} ORDER BY index LIMIT $3::integer)`);

/** First what an index of `events` finds, whatever the planner thinks of the order that is wanted. */
const selected = (found: string): string =>
  page(`
  found AS MATERIALIZED (${found}),
  wanted AS (
    SELECT entry.index, entry.source, entry.id
    FROM found JOIN entries AS entry USING (source, id)
    WHERE ${IN_RANGE} ORDER BY index LIMIT $3::integer)`);

const OF_STORY = selected(
  `SELECT source, id FROM events AS event WHERE event.correlation_id = $7 AND ${REST}`,
);

/** All sources, of which there are few: the index begins with them (a loose index scan). */
const SOURCES = `
  WITH RECURSIVE sources AS (
    SELECT min(source) AS source FROM events
    UNION ALL
    SELECT (SELECT min(source) FROM events WHERE source > sources.source)
    FROM sources WHERE sources.source IS NOT NULL
  ) SELECT source FROM sources WHERE source IS NOT NULL`;

const ofEachSource = (condition: string): string => `
  SELECT event.source, event.id FROM (${SOURCES}) AS known
  CROSS JOIN LATERAL (
    SELECT * FROM events WHERE events.source = known.source AND ${condition}) AS event
  WHERE ${REST}`;

const OF_SUBJECT = selected(ofEachSource('events.subject = $6'));

const OF_EVENT = selected(ofEachSource('events.id = $9'));

/** Bytes of a leaf but for its data. */
const TEXTS = `
  octet_length(event.source) + octet_length(event.id) + octet_length(event.type)
  + octet_length(event.subject) + octet_length(event.correlation_id) + 200`;

/** A leaf has its data or, if that is large, the hash of it. */
const IN_ORDER = `
  SELECT ${COLUMNS} FROM (
    SELECT entry.index, entry.source, entry.id,
           sum(least(coalesce(octet_length(event.data), 0) + ${TEXTS}, $4::bigint)) OVER (ORDER BY entry.index) AS bytes
    FROM entries AS entry JOIN events AS event USING (source, id)
    WHERE ${IN_LOG} AND entry.index >= $1::bigint AND entry.index < $1::bigint + $2::integer
  ) AS entry JOIN events AS event USING (source, id)
  WHERE bytes <= $3::bigint ORDER BY entry.index`;

const STATE_AT = `
  SELECT ${COLUMNS} FROM events AS event JOIN entries AS entry USING (source, id)
  WHERE ${IN_LOG} AND event.source = $1 AND event.subject = $2 AND event.event_time <= $3
  ORDER BY event.version DESC NULLS LAST, entry.index DESC LIMIT 1`;
