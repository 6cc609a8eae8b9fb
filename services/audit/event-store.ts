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
        events.map(({ origin }) => origin?.topic),
        events.map(({ origin }) => origin?.partition),
        events.map(({ origin }) => origin?.offset.toString()),
      ],
    });
    return row?.added ?? 0;
  }
}

// One statement, so one transaction. Events are queued in the order in which they were given.
const ADD = `
  WITH added AS (
    INSERT INTO events (source, id, kind, type, subject, version, event_time, causation_id,
                        correlation_id, data, topic, partition, kafka_offset)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],
                         $7::timestamptz[], $8::text[], $9::text[], $10::bytea[], $11::text[],
                         $12::integer[], $13::bigint[])
    ON CONFLICT (source, id) DO NOTHING
    RETURNING source, id
  ), queued AS (
    INSERT INTO pending (source, id) SELECT source, id FROM added RETURNING 1
  )
  SELECT count(*)::int AS added FROM queued`;
