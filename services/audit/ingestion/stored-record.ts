import { MalformedEventError } from '@meridian/kit/events/cloud-event.ts';
import { receivedEvent } from '@meridian/kit/events/event-runner.ts';
import type { RecordPlace } from '@meridian/kit/events/record-processor.ts';
import type { KafkaMessage } from 'kafkajs';
import { isStorable } from '../stored-event.ts';
import type { StoredEvent } from '../stored-event.ts';

/**
 * What is kept of a record, whatever it is: one that says no event, or none that can be stored as it is, is
 * kept as the bytes that it has.
 */
export function storedRecord(message: KafkaMessage, place: RecordPlace): StoredEvent {
  const event = eventOf(message, place);
  return event !== undefined && isStorable(event) ? event : unreadable(message, place);
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
  const id = `${place.partition}/${message.offset}`;
  const event: StoredEvent = {
    ...{ kind: 'unreadable', source: `kafka:${place.topic}`, id, type: '', subject: '' },
    ...{ version: undefined, causationId: undefined, correlationId: id },
    time: new Date(Number(message.timestamp)),
    data: message.value ?? new Uint8Array(),
    origin: originOf(message, place),
  };
  // Whoever writes a record says its time too.
  return isStorable(event) ? event : { ...event, time: new Date(0) };
}

function originOf(
  { offset }: KafkaMessage,
  place: RecordPlace,
): NonNullable<StoredEvent['origin']> {
  return { ...place, offset: BigInt(offset) };
}
