import type { KafkaMessage } from 'kafkajs';
import { runInScope, scopeOf } from '../call-scope.ts';
import type { Transaction } from '../postgres/database.ts';
import type { Logger } from '../telemetry/logger.ts';
import { endSpan } from '../telemetry/tracing.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { readCloudEvent } from './cloud-event.ts';
import { startConsumerSpan } from './consumer-span.ts';
import type { EventHandler, ReceivedEvent } from './event-handler.ts';
import { textHeaders } from './text-headers.ts';

/** What runs handlers. */
export interface EventRunnerOptions {
  readonly handlers: ReadonlyMap<string, readonly EventHandler[]>;
  readonly log: Logger;
  readonly tracing: Tracing;
  readonly attemptTimeoutMs: number;
}

/** What is done about an event, within the transaction that remembers it. */
export type EventWork = (transaction: Transaction) => Promise<void>;

/** Runs the handler of an event as work of its own: with a span, a deadline, and the event as its cause. */
export class EventRunner {
  readonly #options: EventRunnerOptions;

  constructor(options: EventRunnerOptions) {
    this.#options = options;
  }

  /** What a service does about an event; undefined if nothing. */
  workOf(event: ReceivedEvent): EventWork | undefined {
    const handler = this.#options.handlers
      .get(event.topic)
      ?.find(({ schema }) => schema === undefined || schema.typeName === event.type);
    return handler && ((transaction) => handler.handle(event, transaction));
  }

  /** Runs what takes the event's work into a transaction. */
  async run<T>(message: KafkaMessage, event: ReceivedEvent, within: () => Promise<T>): Promise<T> {
    const { attemptTimeoutMs: timeoutMs, log, tracing } = this.#options;
    const { topic, id } = event;
    const span = startConsumerSpan(tracing, topic, [message]);
    const signal = AbortSignal.timeout(timeoutMs);
    const scope = scopeOf({ timeoutMs, signal, span: span.spanContext(), cause: event });
    const slow = (): void =>
      log.warn({ topic, event_id: id }, 'an event takes longer than it may; waiting for it');
    signal.addEventListener('abort', slow);
    let errorType: string | undefined;
    try {
      return await runInScope(scope, within);
    } catch (error) {
      errorType = error instanceof Error ? error.name : '_OTHER';
      throw error;
    } finally {
      signal.removeEventListener('abort', slow);
      endSpan(span, errorType);
    }
  }
}

/** A record as an event; throws a MalformedEventError that says what is wrong with it. */
export function receivedEvent(message: KafkaMessage, topic: string): ReceivedEvent {
  const context = readCloudEvent(textHeaders(message));
  return { ...context, topic, payload: message.value ?? new Uint8Array() };
}
