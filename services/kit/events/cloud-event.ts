/**
 * Headers of an event's context. Sources: CloudEvents Kafka Protocol Binding 1.0.2, section 3.2; CloudEvents,
 * "Correlation Extension", for causation and correlation; the aggregate's version is an extension of ours.
 */
export const CLOUD_EVENT_HEADERS = {
  specversion: 'ce_specversion',
  id: 'ce_id',
  source: 'ce_source',
  type: 'ce_type',
  subject: 'ce_subject',
  time: 'ce_time',
  causationId: 'ce_causationid',
  correlationId: 'ce_correlationid',
  aggregateVersion: 'ce_aggregateversion',
  contentType: 'content-type',
} as const;

/** Media type of every event's data; its message is named by the type. */
export const EVENT_CONTENT_TYPE = 'application/protobuf';

const SPEC_VERSION = '1.0';

/** The context of an event. Source: CloudEvents 1.0.2, "Context Attributes". */
export interface EventContext {
  /** Unique for the source; a UUIDv7 of the outbox. */
  readonly id: string;
  /** SPIFFE ID of the service that published it. */
  readonly source: string;
  /** Full name of the protobuf message. */
  readonly type: string;
  /** Id of the aggregate. */
  readonly subject: string;
  /** When the change was made. */
  readonly time: Date;
  /** Id of the event or the request that caused it; undefined for what began by itself, such as a timer. */
  readonly causationId: string | undefined;
  /** What it belongs to: an order, else the request that began it, else the event itself. */
  readonly correlationId: string;
  /** Version of the aggregate after the change, from 1 without a gap; events of earlier programs have none. */
  readonly aggregateVersion?: bigint | undefined;
}

/** The headers of a record in binary content mode. */
export function cloudEventHeaders(context: EventContext): Record<string, string> {
  return {
    [CLOUD_EVENT_HEADERS.specversion]: SPEC_VERSION,
    [CLOUD_EVENT_HEADERS.id]: context.id,
    [CLOUD_EVENT_HEADERS.source]: context.source,
    [CLOUD_EVENT_HEADERS.type]: context.type,
    [CLOUD_EVENT_HEADERS.subject]: context.subject,
    [CLOUD_EVENT_HEADERS.time]: context.time.toISOString(),
    ...(context.causationId === undefined
      ? {}
      : { [CLOUD_EVENT_HEADERS.causationId]: context.causationId }),
    [CLOUD_EVENT_HEADERS.correlationId]: context.correlationId,
    ...(context.aggregateVersion === undefined
      ? {}
      : { [CLOUD_EVENT_HEADERS.aggregateVersion]: context.aggregateVersion.toString() }),
    [CLOUD_EVENT_HEADERS.contentType]: EVENT_CONTENT_TYPE,
  };
}

/** A record is not an event that this platform understands; trying again would not help. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/** Reads the context out of a record's headers; throws a MalformedEventError that says what is wrong. */
export function readCloudEvent(headers: Readonly<Record<string, string>>): EventContext {
  const required = (name: string): string => {
    const value = headers[name];
    if (value !== undefined && value !== '') return value;
    throw new MalformedEventError(`Record: header ${name} must be given, got nothing`);
  };
  const expect = (name: string, allowed: string): void => {
    const value = required(name);
    if (value !== allowed) {
      throw new MalformedEventError(`Record: header ${name} must be '${allowed}', got '${value}'`);
    }
  };
  expect(CLOUD_EVENT_HEADERS.specversion, SPEC_VERSION);
  expect(CLOUD_EVENT_HEADERS.contentType, EVENT_CONTENT_TYPE);
  const time = new Date(required(CLOUD_EVENT_HEADERS.time));
  if (Number.isNaN(time.getTime())) {
    throw new MalformedEventError(`Record: header ${CLOUD_EVENT_HEADERS.time} is not a time`);
  }
  const id = required(CLOUD_EVENT_HEADERS.id);
  return {
    id,
    source: required(CLOUD_EVENT_HEADERS.source),
    type: required(CLOUD_EVENT_HEADERS.type),
    subject: headers[CLOUD_EVENT_HEADERS.subject] ?? '',
    time,
    causationId: headers[CLOUD_EVENT_HEADERS.causationId],
    // Events of earlier programs have none.
    correlationId: headers[CLOUD_EVENT_HEADERS.correlationId] ?? id,
    aggregateVersion: versionOf(headers[CLOUD_EVENT_HEADERS.aggregateVersion]),
  };
}

/** What PostgreSQL counts by: a bigint. */
const VERSION = /^[1-9][0-9]{0,17}$/;

function versionOf(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  if (VERSION.test(text)) return BigInt(text);
  throw new MalformedEventError(
    `Record: header ${CLOUD_EVENT_HEADERS.aggregateVersion} must be a whole number from 1, got '${text}'`,
  );
}
