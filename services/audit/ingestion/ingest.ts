import { followRecords } from '@meridian/kit/events/follow-records.ts';
import type { RecordOptions } from '@meridian/kit/events/follow-records.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { counter } from '@meridian/kit/telemetry/registered.ts';
import { trustDomainOf } from '@meridian/kit/tls/spiffe.ts';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import { publisherOf } from '@meridian/language/topic.ts';
import { isOfType, TOPICS } from '../data-of-type.ts';
import type { EventStore } from '../event-store.ts';
import type { audit } from '../service.ts';
import type { StoredEvent } from '../stored-event.ts';
import { storedRecord } from './stored-record.ts';

/** Records that one statement keeps at most. */
const RECORDS_MAX = 500;

/** What is to be done about records. */
export interface IngestOptions {
  readonly store: EventStore;
  /** Called when there are new events. */
  readonly kept: () => void;
  /**
   * Number of the log: one that succeeds another reads all that Kafka keeps from the beginning, as the database was
   * restored to an earlier moment than Kafka knows of.
   */
  readonly log: () => Promise<number>;
}

/**
 * Keeps every record of every topic, each once, in the background. What cannot be read is kept as bytes and
 * counted; while the database is away, all wait.
 */
export function ingest(runtime: Runtime, { store, kept, log }: IngestOptions): void {
  const options = { ...keeping(runtime, store, kept), readings: log };
  followRecords<typeof audit>(runtime, TOPICS, options);
}

/** What is done about records. */
export function keeping(
  { configuration, log, metrics }: Pick<Runtime, 'configuration' | 'log' | 'metrics'>,
  store: EventStore,
  kept: () => void,
): RecordOptions {
  const unreadable = counter(metrics.registry, {
    name: METRICS.auditUnreadable,
    help: 'Records that cannot be read as what they should be, by the part that cannot be: they are kept as bytes',
  });
  for (const part of ['headers', 'data']) unreadable.inc({ [LABELS.part]: part }, 0);
  const conflicts = counter(metrics.registry, {
    name: METRICS.auditConflicts,
    help: 'Events that came again and said something else than the one that is kept',
  });
  const { namespace, spiffeId: own } = configuration;
  const scope = { trustDomain: trustDomainOf(own), namespace };
  return {
    recordsMax: RECORDS_MAX,
    keep: async (messages, place) => {
      const publisher = spiffeId(scope, publisherOf(place.topic));
      const events = messages.map((message) => storedRecord(message, place, publisher));
      const added = await store.add(events);
      for (const { source, id } of added < events.length ? await store.conflicting(events) : []) {
        conflicts.inc();
        log.warn({ ...place, source, event_id: id }, 'an event came again and says something else');
      }
      if (added === 0) return;
      kept();
      for (const event of events) {
        const part = unreadablePart(event);
        if (part === undefined) continue;
        unreadable.inc({ [LABELS.part]: part });
        const { source, id, type } = event;
        log.warn({ ...place, source, event_id: id, type, part }, 'a record is kept unread');
      }
    },
  };
}

function unreadablePart(event: StoredEvent): 'headers' | 'data' | undefined {
  if (event.kind === 'unreadable') return 'headers';
  return isOfType(event) ? undefined : 'data';
}
