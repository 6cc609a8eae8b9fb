import type { Database } from '@meridian/kit/postgres/database.ts';
import type { StoredEvent } from './stored-event.ts';

/** Keeps events, each once by its source and id, and queues the new ones for the log. */
export class EventStore {
  readonly #database: Pick<Database, 'query'>;

  constructor(database: Pick<Database, 'query'>) {
    this.#database = database;
  }

  /** Returns how many were new. All of them are kept when it resolves, or none when it throws. */
  async add(events: readonly StoredEvent[]): Promise<number> {
    if (events.length === 0) return 0;
    const [row] = await this.#database.query<{ readonly added: number }>({
      name: 'audit_add_events',
      text: ADD,
      values: [
        ...columnsOf(events),
        events.map(({ origin }) => origin?.topic),
        events.map(({ origin }) => origin?.partition),
        events.map(({ origin }) => origin?.offset.toString()),
      ],
    });
    return row?.added ?? 0;
  }

  /** Those that say something else than the event that is kept under their id, which is the first that came. */
  async conflicting(
    events: readonly StoredEvent[],
  ): Promise<readonly Pick<StoredEvent, 'source' | 'id'>[]> {
    return this.#database.query<Pick<StoredEvent, 'source' | 'id'>>({
      name: 'audit_conflicting_events',
      text: CONFLICTING,
      values: columnsOf(events),
    });
  }
}

/** A value of each attribute that is sealed. */
function columnsOf(events: readonly StoredEvent[]): readonly unknown[] {
  return [
    events.map(({ source }) => source),
    events.map(({ id }) => id),
    events.map(({ kind }) => kind),
    events.map(({ type }) => type),
    events.map(({ subject }) => subject),
    events.map(({ version }) => version?.toString()),
    events.map(({ time }) => time.toISOString()),
    events.map(({ causationId }) => causationId),
    events.map(({ correlationId }) => correlationId),
    events.map(({ data }) => data),
  ];
}

const HEADERS =
  'source, id, kind, type, subject, version, event_time, causation_id, correlation_id';
const COLUMNS = `${HEADERS}, data`;
const ARRAYS =
  '$1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::text[], $9::text[], $10::bytea[]';

// One statement, so one transaction. Events are queued in the order in which they were given.
const ADD = `
  WITH added AS (
    INSERT INTO events (${COLUMNS}, topic, partition, kafka_offset)
    SELECT * FROM unnest(${ARRAYS}, $11::text[], $12::integer[], $13::bigint[])
    ON CONFLICT (source, id) DO NOTHING
    RETURNING source, id
  ), queued AS (
    INSERT INTO pending (source, id) SELECT source, id FROM added RETURNING 1
  )
  SELECT count(*)::int AS added FROM queued`;

// What has moved to an archive cannot be compared.
const CONFLICTING = `
  SELECT given.source, given.id
  FROM unnest(${ARRAYS}) AS given (${COLUMNS})
  JOIN LATERAL (
    SELECT ${HEADERS}, CASE WHEN archived_leaf IS NULL THEN data ELSE given.data END
    FROM events WHERE source = given.source AND id = given.id
  ) AS kept ON given IS DISTINCT FROM kept`;
