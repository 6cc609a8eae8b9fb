import type { KafkaMessage } from 'kafkajs';
import { runInScope, scopeOf } from '../call-scope.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { StatusName } from '../rpc/rpc-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { TRACEPARENT, endSpan, readTraceparent } from '../telemetry/tracing.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { MalformedEventError, readCloudEvent } from './cloud-event.ts';
import { deadLetter } from './dead-letter.ts';
import type { EventHandler } from './event-handler.ts';
import type { Inbox } from './inbox.ts';
import type { Publisher } from './publisher.ts';

/** What became of a record: its effect is there, was there already, is nobody's, or it is dead. */
export type Outcome = 'handled' | 'repeated' | 'ignored' | 'dead';

/** How often and how long a record is tried. */
export interface RetrySettings {
  /** Attempts before a record that fails by itself becomes a dead letter. */
  readonly attemptsMax: number;
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
  /** How long one attempt may take. */
  readonly attemptTimeoutMs: number;
}

export const DEFAULT_RETRY_SETTINGS: RetrySettings = {
  attemptsMax: 5,
  backoffFirstMs: 200,
  backoffMaxMs: 10_000,
  attemptTimeoutMs: 10_000,
};

/** What a processor is made from. */
export interface ProcessorOptions {
  readonly consumer: string;
  readonly inbox: Inbox;
  readonly handlers: ReadonlyMap<string, readonly EventHandler[]>;
  readonly deadLetters: Publisher;
  readonly log: Logger;
  readonly tracing: Tracing;
  readonly retry: RetrySettings;
}

/** Where a record was read, and how to wait there. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  /** Waits, staying a member of the group; throws if the partition is to be left. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Errors of what a handler depends on: they pass, and no record is to blame. */
const PASSING: ReadonlySet<StatusName> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
  'CANCELLED',
]);

/**
 * Handles one record to its end, so that records with one key stay in order: a dependency that is
 * away is waited for, a record that fails by itself is tried a few times and then set aside.
 */
export class RecordProcessor {
  readonly #options: ProcessorOptions;

  constructor(options: ProcessorOptions) {
    this.#options = options;
  }

  /** Returns what became of the record; throws only if `pause` does. */
  async process(message: KafkaMessage, place: RecordPlace): Promise<Outcome> {
    const { log, retry } = this.#options;
    const { topic, partition, pause } = place;
    const { offset } = message;
    for (let attempt = 1, failures = 0; ; attempt += 1) {
      try {
        return await this.#attempt(message, topic);
      } catch (err) {
        const passing = err instanceof RpcError && PASSING.has(err.status);
        if (!passing) failures += 1;
        if (err instanceof MalformedEventError || failures >= retry.attemptsMax) {
          await this.#setAside(message, place, attempt, err);
          return 'dead';
        }
        log.warn({ err, topic, partition, offset, attempt }, 'an event failed; trying again');
        await pause(backoffMs(attempt, retry));
      }
    }
  }

  async #attempt(message: KafkaMessage, topic: string): Promise<Outcome> {
    const { handlers, inbox, tracing, retry } = this.#options;
    const headers = textHeaders(message);
    const context = readCloudEvent(headers);
    const event = { ...context, topic, payload: message.value ?? new Uint8Array() };
    const handler = handlers
      .get(topic)
      ?.find(({ type }) => type === undefined || type === context.type);
    if (handler === undefined) return 'ignored';
    const parent = readTraceparent(headers[TRACEPARENT]);
    const span = tracing.startSpan(`process ${topic}`, 'consumer', parent);
    const scope = scopeOf({
      timeoutMs: retry.attemptTimeoutMs,
      signal: AbortSignal.timeout(retry.attemptTimeoutMs),
      span: span.spanContext(),
    });
    let errorType: string | undefined;
    try {
      const done = await runInScope(scope, () =>
        inbox.once(context.id, (transaction) => handler.handle(event, transaction)),
      );
      return done ? 'handled' : 'repeated';
    } catch (error) {
      errorType = error instanceof Error ? error.name : '_OTHER';
      throw error;
    } finally {
      endSpan(span, errorType);
    }
  }

  /** Until Kafka has it: a record that is neither handled nor set aside would be lost. */
  async #setAside(
    message: KafkaMessage,
    { topic, partition, pause }: RecordPlace,
    attempts: number,
    reason: unknown,
  ): Promise<void> {
    const { consumer, deadLetters, log, retry } = this.#options;
    const { offset } = message;
    const record = deadLetter(message, { consumer, topic, partition, attempts }, reason);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await deadLetters.publish([record]);
        log.error({ err: reason, topic, partition, offset, attempts }, 'an event is a dead letter');
        return;
      } catch (err) {
        log.warn({ err, topic, partition, offset }, 'a dead letter cannot be sent; trying again');
        await pause(backoffMs(attempt, retry));
      }
    }
  }
}

function backoffMs(attempt: number, { backoffFirstMs, backoffMaxMs }: RetrySettings): number {
  const longestMs = Math.min(backoffFirstMs * 2 ** (attempt - 1), backoffMaxMs);
  return (longestMs * (1 + Math.random())) / 2;
}

function textHeaders({ headers = {} }: KafkaMessage): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) texts[name] = first.toString();
  }
  return texts;
}
