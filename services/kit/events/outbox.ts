import type { EventOf, Topic } from '@meridian/language/topic.ts';
import { currentScope } from '../call-scope.ts';
import type { Transaction } from '../postgres/database.ts';
import { TRACEPARENT, formatTraceparent } from '../telemetry/tracing.ts';
import { CLOUD_EVENT_HEADERS } from './cloud-event.ts';
import type { DomainEvent } from './domain-event.ts';
import { uuidV7 } from './uuid-v7.ts';

/** What events are told to belong to, where that is not what the current request or event says. */
export interface Belonging {
  /**
   * Of the order, for every change that belongs to one.
   * @default that of the event being handled; else the request's id; else the event's own id
   */
  readonly correlationId?: string;
  /** @default the id of the event being handled; else the request's, or the idempotency key of a system's call */
  readonly causationId?: string;
}

/**
 * Where a service leaves its events: rows of its own database, written with the change that they
 * tell of. Its topics are those that the declaration publishes, with the events that they are declared
 * to have; another one does not compile.
 */
export class Outbox<Published extends Topic> {
  readonly #wake: () => void;

  /** `wake` is called once for each transaction with events, after it has committed. */
  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /**
   * Adds events to a topic within the transaction of their change. Call it after the statement that
   * changed the aggregates, while their rows are locked: that makes events of one aggregate come out
   * in the order of its changes. Throws if a version of an aggregate has an event already.
   */
  async add<To extends Published>(
    transaction: Transaction,
    topic: To,
    events: readonly DomainEvent<EventOf<To>>[],
    belonging: Belonging = {},
  ): Promise<void> {
    if (events.length === 0) return;
    const scope = currentScope();
    // What is undefined is left out of the JSON.
    const headers = {
      [TRACEPARENT]: scope?.span && formatTraceparent(scope.span),
      [CLOUD_EVENT_HEADERS.causationId]: belonging.causationId ?? scope?.cause?.id,
      [CLOUD_EVENT_HEADERS.correlationId]: belonging.correlationId ?? scope?.cause?.correlationId,
    };
    await transaction.query({
      name: 'outbox_add',
      text: ADD,
      values: [
        topic.name,
        JSON.stringify(headers),
        events.map(() => uuidV7()),
        events.map(({ key }) => key),
        events.map(({ version }) => version.toString()),
        events.map(({ schema }) => schema.typeName),
        events.map(({ payload }) => Buffer.from(payload)),
      ],
    });
    transaction.onCommit(this.#wake);
  }
}

const ADD = `
  INSERT INTO outbox (id, topic, key, version, type, payload, headers)
  SELECT id, $1, key, version, type, payload, $2::jsonb
  FROM unnest($3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::bytea[])
    WITH ORDINALITY AS given (id, key, version, type, payload, number)
  ORDER BY number`;
