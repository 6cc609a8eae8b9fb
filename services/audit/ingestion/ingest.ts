import { followRecords } from '@meridian/kit/events/follow-records.ts';
import type { RecordOptions } from '@meridian/kit/events/follow-records.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { counter } from '@meridian/kit/telemetry/registered.ts';
import { isOfType, TOPICS } from '../data-of-type.ts';
import type { EventStore } from '../event-store.ts';
import type { audit } from '../service.ts';
import type { StoredEvent } from '../stored-event.ts';
import { storedRecord } from './stored-record.ts';

/** Records that one statement keeps at most. */
const RECORDS_MAX = 500;

/**
 * Keeps every record of every topic, each once, in the background. What cannot be read is kept as bytes and
 * counted; while the database is away, all wait.
 *
 * @param kept is called when there are new events
 */
export function ingest(runtime: Runtime, store: Pick<EventStore, 'add'>, kept: () => void): void {
  followRecords<typeof audit>(runtime, TOPICS, keeping(runtime, store, kept));
}

/** What is done about records. */
export function keeping(
  { log, metrics }: Pick<Runtime, 'log' | 'metrics'>,
  store: Pick<EventStore, 'add'>,
  kept: () => void,
): RecordOptions {
  const unreadable = counter(metrics.registry, {
    name: METRICS.auditUnreadable,
    help: 'Records that cannot be read as what they should be, by the part that cannot be: they are kept as bytes',
    labelNames: [LABELS.part],
  });
  return {
    recordsMax: RECORDS_MAX,
    keep: async (messages, place) => {
      const events = messages.map((message) => storedRecord(message, place));
      if ((await store.add(events)) === 0) return;
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
