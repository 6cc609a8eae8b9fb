import type { Session } from '@meridian/kit/postgres/database.ts';
import { COLUMNS, entryOf } from './entry-row.ts';
import type { EntryRow, StoredEntry } from './entry-row.ts';

/** Behind which entry of a walk another page begins. */
interface Place {
  readonly subject: string;
  /** Null where none was told. */
  readonly version: string | null;
  readonly id: string;
}

/** Entries of aggregates, one aggregate after the other. */
export interface HistoryPage {
  readonly entries: readonly StoredEntry[];
  /** The place to go on from; undefined if nothing is left. */
  readonly next: string | undefined;
}

/** Of data in an answer; a call takes 4 MiB. */
const PAGE_BYTES = 2_000_000;

const START: Place = { subject: '', version: null, id: '' };

/** Reads the histories of a service's aggregates; nothing here writes. */
export class HistoryStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Entries by subject and, within one, by version, those without one last; of all aggregates of a service, or
   * of those that are named.
   */
  async list(
    source: string,
    subjects: readonly string[],
    limit: number,
    after?: string,
  ): Promise<HistoryPage> {
    const place = after === undefined ? START : (JSON.parse(after) as Place);
    const rows = await this.#session.query<Row>({
      name: subjects.length === 0 ? 'histories' : 'histories_of',
      text: subjects.length === 0 ? ALL : NAMED,
      values: [
        ...[source, place.subject, place.version, place.id, limit + 1, PAGE_BYTES],
        ...(subjects.length === 0 ? [] : [subjects]),
      ],
    });
    const fitting = rows.filter(({ fits }, at) => fits && at < limit);
    const last = fitting.at(-1);
    return {
      // What waits for its place in the log is no entry yet.
      entries: fitting.filter(isSealed).map(entryOf),
      next:
        last === undefined || fitting.length === rows.length
          ? undefined
          : JSON.stringify({ subject: last.subject, version: last.version, id: last.id }),
    };
  }
}

/** The index is null of what waits for its place. */
type Row = Omit<EntryRow, 'index'> & { readonly index: string | null; readonly fits: boolean };

function isSealed(row: Row): row is Row & EntryRow {
  return row.index !== null;
}

const ORDER = 'subject, version, id';

/** What is left of the aggregate at hand, and the aggregates behind it: each in the order of an index. */
const listed = (which: string): string => `
  WITH wanted AS (
    (SELECT source, subject, version, id FROM events
     WHERE source = $1 AND subject = $2 AND ${which}
       AND version >= $3::bigint AND (version > $3::bigint OR id > $4)
     ORDER BY ${ORDER} LIMIT $5::integer)
    UNION ALL
    (SELECT source, subject, version, id FROM events
     WHERE source = $1 AND subject = $2 AND ${which}
       AND version IS NULL AND ($3::bigint IS NOT NULL OR id > $4)
     ORDER BY ${ORDER} LIMIT $5::integer)
    UNION ALL
    (SELECT source, subject, version, id FROM events
     WHERE source = $1 AND subject > $2 AND ${which}
     ORDER BY ${ORDER} LIMIT $5::integer)
  ), measured AS (
    SELECT entry.index, entry.leaf_hash, event.source, event.id,
           sum(octet_length(event.data)) OVER walk <= $6::bigint OR row_number() OVER walk = 1 AS fits
    FROM (SELECT source, id FROM wanted ORDER BY ${ORDER} LIMIT $5::integer) AS first
    JOIN events AS event USING (source, id)
    LEFT JOIN entries AS entry
      ON (entry.log, entry.source, entry.id) = ((SELECT log FROM log_head), event.source, event.id)
    WINDOW walk AS (ORDER BY event.subject, event.version, event.id)
  )
  SELECT ${COLUMNS}, entry.fits
  FROM measured AS entry JOIN events AS event USING (source, id)
  ORDER BY event.subject, event.version, event.id`;

const ALL = listed('true');

const NAMED = listed('subject = ANY($7::text[])');
