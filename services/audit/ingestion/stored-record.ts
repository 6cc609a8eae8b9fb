import { createHash } from 'node:crypto';
import { CLOUD_EVENT_HEADERS, MalformedEventError } from '@meridian/kit/events/cloud-event.ts';
import { receivedEvent } from '@meridian/kit/events/event-runner.ts';
import { textHeaders } from '@meridian/kit/events/text-headers.ts';
import type { RecordPlace } from '@meridian/kit/events/record-processor.ts';
import type { KafkaMessage } from 'kafkajs';
import { isStorable, isStorableText } from '../stored-event.ts';
import type { StoredEvent } from '../stored-event.ts';

/**
 * What is kept of a record, whatever it is: one that says no event, or none that can be stored as it is, is
 * kept as the bytes that it has. So is one that says another source than the topic's publisher: who may write to a
 * topic speaks for itself alone.
 *
 * @param publisher SPIFFE ID of the service whose topic it is
 */
export function storedRecord(
  message: KafkaMessage,
  place: RecordPlace,
  publisher: string,
): StoredEvent {
  const event = eventOf(message, place);
  return event?.source === publisher && isStorable(event) ? event : unreadable(message, place);
}

function eventOf(message: KafkaMessage, place: RecordPlace): StoredEvent | undefined {
  try {
    const { id, source, type, subject, time, ...event } = receivedEvent(message, place.topic);
    return {
      ...{ kind: 'event', source, id, type, subject, time, data: event.payload },
      version: event.aggregateVersion,
      causationId: event.causationId,
      correlationId: event.correlationId,
      origin: originOf(message, place),
    };
  } catch (error) {
    if (error instanceof MalformedEventError) return undefined;
    throw error;
  }
}

function unreadable(message: KafkaMessage, place: RecordPlace): StoredEvent {
  const id = `${place.partition}/${message.offset}/${digestOf(message)}`;
  const headers = textHeaders(message);
  // What can be read of it, so that it is found where it is looked for.
  const told = (name: string): string => {
    const text = headers[name] ?? '';
    return isStorableText(text) ? text : '';
  };
  const event: StoredEvent = {
    ...{ kind: 'unreadable', source: `kafka:${place.topic}`, id, version: undefined },
    type: told(CLOUD_EVENT_HEADERS.type),
    subject: told(CLOUD_EVENT_HEADERS.subject),
    causationId: undefined,
    correlationId: told(CLOUD_EVENT_HEADERS.correlationId) || id,
    time: new Date(Number(message.timestamp)),
    data: message.value ?? new Uint8Array(),
    origin: originOf(message, place),
  };
  // Whoever writes a record says its time too.
  return isStorable(event) ? event : { ...event, time: new Date(0) };
}

/** Tells it from a record at the same offset of a topic that was made again, which begins at 0. */
function digestOf({ timestamp, key, value }: KafkaMessage): string {
  const digest = createHash('sha256').update(`${timestamp}\n`);
  for (const part of [key, value]) digest.update(`${part?.length ?? -1}\n`).update(part ?? '');
  return digest.digest('hex').slice(0, 16);
}

function originOf(
  { offset }: KafkaMessage,
  place: RecordPlace,
): NonNullable<StoredEvent['origin']> {
  return { ...place, offset: BigInt(offset) };
}
