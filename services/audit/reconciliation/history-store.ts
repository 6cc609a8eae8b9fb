import type { Session } from '@meridian/kit/postgres/database.ts';
import { eventOfRow } from '../event-row.ts';
import type { EventRow } from '../event-row.ts';
import type { StoredEvent } from '../stored-event.ts';

/** After which event a page begins. */
type HistoryPlace = Pick<StoredEvent, 'subject' | 'version' | 'id'>;

/** Which events are read. */
export interface HistoryQuery {
  readonly source: string;
  /** Only of these aggregates; none means all. */
  readonly subjects: readonly string[];
  /** The `next` of the page before. */
  readonly place: string | undefined;
  readonly limit: number;
}

/** Events in the order of subjects, versions and ids, those without a version last. */
export interface HistoryPage {
  readonly events: readonly StoredEvent[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

interface Row extends EventRow {
  readonly fits: boolean;
}

/** Data of a page at most, unless one event has more: an answer has 4 MiB. */
const PAGE_BYTES = 2 * 1024 * 1024;

/** What every event has beside its data, about. */
const TEXT_BYTES = 500;

/** In this log, or in one before it. The limit has each event looked up by the index: hashing all entries takes longer. */
const SEALED = `
  CROSS JOIN LATERAL (
    SELECT FROM entries AS entry
    WHERE entry.log = ANY (ARRAY (SELECT generate_series(1, log_head.log) FROM log_head))
      AND entry.source = event.source AND entry.id = event.id
    LIMIT 1) AS sealed`;

/** The next so many: each half finds its own by the index of aggregates. */
const found = (wanted: string): string => `
  SELECT * FROM (
    SELECT event.source, event.id, event.subject, event.version, coalesce(octet_length(event.data), 0) AS bytes
    FROM events AS event ${SEALED}
    WHERE event.source = $1 ${wanted} AND (event.subject, event.version, event.id) > ($2, $3::bigint, $4)
    ORDER BY event.subject, event.version, event.id LIMIT $5) AS later
  UNION ALL
  SELECT * FROM (
    SELECT event.source, event.id, event.subject, event.version, coalesce(octet_length(event.data), 0) AS bytes
    FROM events AS event ${SEALED}
    WHERE event.source = $1 ${wanted} AND event.subject = $2 AND event.version IS NULL
      AND ($3::bigint IS NOT NULL OR event.id > $4)
    ORDER BY event.id LIMIT $5) AS unversioned`;

const page = (from: string): string => `
  SELECT event.*, fits FROM (
    SELECT source, id, sum(bytes + ${TEXT_BYTES}) OVER place <= ${PAGE_BYTES}
             OR row_number() OVER place = 1 AS fits
    FROM (${from} ORDER BY subject, version, id LIMIT $5) AS chosen
    WINDOW place AS (ORDER BY subject, version, id)
  ) AS measured JOIN events AS event USING (source, id)
  ORDER BY event.subject, event.version, event.id`;

const ALL = page(found(''));

const OF_SUBJECTS = page(`
  SELECT each.* FROM unnest($6::text[]) AS wanted (subject)
  CROSS JOIN LATERAL (${found('AND event.subject = wanted.subject')}) AS each`);

/** The events of aggregates that are sealed. */
export class HistoryStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** A place is one that this gave. */
  async list({ source, subjects, place, limit }: HistoryQuery): Promise<HistoryPage> {
    const after = place === undefined ? undefined : placeOf(place);
    const named = subjects.length > 0;
    const rows = await this.#session.query<Row>({
      name: named ? 'audit_histories_of' : 'audit_histories',
      text: named ? OF_SUBJECTS : ALL,
      values: [
        ...[source, after?.subject ?? '', after?.version?.toString() ?? null, after?.id ?? ''],
        limit + 1,
        ...(named ? [subjects] : []),
      ],
    });
    const events = rows.filter(({ fits }, index) => fits && index < limit).map(eventOfRow);
    const last = events.length < rows.length ? events.at(-1) : undefined;
    return { events, next: last && textOf(last) };
  }
}

function textOf({ subject, version, id }: HistoryPlace): string {
  return JSON.stringify([subject, version?.toString() ?? null, id]);
}

function placeOf(text: string): HistoryPlace {
  const [subject, version, id] = JSON.parse(text) as [string, string | null, string];
  return { subject, version: version === null ? undefined : BigInt(version), id };
}
