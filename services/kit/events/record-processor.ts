import type { KafkaMessage } from 'kafkajs';
import { runInScope, scopeOf } from '../call-scope.ts';
import type { Logger } from '../telemetry/logger.ts';
import { TRACEPARENT, endSpan, readTraceparent } from '../telemetry/tracing.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { blameOf } from './blame.ts';
import { MalformedEventError, readCloudEvent } from './cloud-event.ts';
import { deadLetter } from './dead-letter.ts';
import type { EventHandler, ReceivedEvent } from './event-handler.ts';
import { FailureRun } from './failure-run.ts';
import type { Inbox } from './inbox.ts';
import type { Publisher } from './publisher.ts';

/** What became of a record: its effect is there, was there already, is nobody's, or it is dead. */
export type Outcome = 'handled' | 'repeated' | 'ignored' | 'dead';

/** What to do after an attempt: go on behind the record, or come back to it. */
export type Step =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'again'; readonly afterMs: number };

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
  readonly inbox: Pick<Inbox, 'once'>;
  readonly handlers: ReadonlyMap<string, readonly EventHandler[]>;
  readonly deadLetters: Publisher;
  readonly log: Logger;
  readonly tracing: Tracing;
  readonly retry: RetrySettings;
}

/** Where a record was read. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
}

/** The record that a partition is at, and how often it has failed. */
interface Trial {
  readonly offset: string;
  attempts: number;
  /** Those that the surroundings are not to blame for. */
  failures: number;
}

/**
 * Handles the records of each partition in their order. What fails because of its surroundings is tried
 * again for as long as it takes; a record that fails by itself is tried a few times and then set aside;
 * and where no error tells, but one record after the other fails, it is not the records' fault.
 */
export class RecordProcessor {
  readonly #options: ProcessorOptions;
  /** By topic and partition. */
  readonly #trials = new Map<string, Trial>();
  readonly #run = new FailureRun();

  constructor(options: ProcessorOptions) {
    this.#options = options;
  }

  /** Tries a record once; never throws. The next of its partition is tried when this one is done. */
  async process(message: KafkaMessage, place: RecordPlace): Promise<Step> {
    const { topic, partition } = place;
    const trial = this.#trialOf(place, message.offset);
    trial.attempts += 1;
    try {
      const outcome = await this.#attempt(message, topic);
      if (outcome === 'handled') this.#run.end();
      return this.#done(place, outcome);
    } catch (err) {
      const { log, retry } = this.#options;
      const { offset, attempts } = { offset: message.offset, attempts: trial.attempts };
      const fields = { err, topic, partition, offset, attempt: attempts };
      if (blameOf(err) !== 'surroundings') trial.failures += 1;
      const spent = err instanceof MalformedEventError || trial.failures >= retry.attemptsMax;
      if (spent && this.#isToBlame(message, err, place)) {
        if (await this.#setAside(message, place, attempts, err)) return this.#done(place, 'dead');
      } else if (spent) {
        log.error(fields, 'one event after the other fails, so none is to blame; waiting');
      } else {
        log.warn(fields, 'an event failed; trying again');
      }
      return { kind: 'again', afterMs: backoffMs(attempts, retry) };
    }
  }

  #trialOf({ topic, partition }: RecordPlace, offset: string): Trial {
    const id = `${topic}/${partition}`;
    const known = this.#trials.get(id);
    if (known?.offset === offset) return known;
    const trial = { offset, attempts: 0, failures: 0 };
    this.#trials.set(id, trial);
    return trial;
  }

  #done({ topic, partition }: RecordPlace, outcome: Outcome): Step {
    this.#trials.delete(`${topic}/${partition}`);
    return { kind: 'done', outcome };
  }

  /** Whether a record that failed too often did so by itself. */
  #isToBlame({ key, offset }: KafkaMessage, error: unknown, place: RecordPlace): boolean {
    if (blameOf(error) === 'record') return true;
    const { topic, partition } = place;
    const aggregate = key?.toString('base64') ?? `${partition}/${offset}`;
    return !this.#run.isSuspicious(`${topic}/${aggregate}`);
  }

  async #attempt(message: KafkaMessage, topic: string): Promise<Outcome> {
    const { handlers, inbox, log, tracing, retry } = this.#options;
    const headers = textHeaders(message);
    const event = receivedEvent(message, topic);
    const handler = handlers
      .get(topic)
      ?.find(({ schema }) => schema === undefined || schema.typeName === event.type);
    if (handler === undefined) return 'ignored';
    const parent = readTraceparent(headers[TRACEPARENT]);
    const span = tracing.startSpan(`process ${topic}`, 'consumer', parent);
    const signal = AbortSignal.timeout(retry.attemptTimeoutMs);
    const scope = scopeOf({
      timeoutMs: retry.attemptTimeoutMs,
      signal,
      span: span.spanContext(),
      cause: event,
    });
    const slow = (): void =>
      log.warn({ topic, event_id: event.id }, 'an event takes longer than it may; waiting for it');
    signal.addEventListener('abort', slow);
    let errorType: string | undefined;
    try {
      const done = await runInScope(scope, () =>
        inbox.once(event.id, (transaction) => handler.handle(event, transaction)),
      );
      return done ? 'handled' : 'repeated';
    } catch (error) {
      errorType = error instanceof Error ? error.name : '_OTHER';
      throw error;
    } finally {
      signal.removeEventListener('abort', slow);
      endSpan(span, errorType);
    }
  }

  /** Whether Kafka has it: a record that is neither handled nor set aside would be lost. */
  async #setAside(
    message: KafkaMessage,
    { topic, partition }: RecordPlace,
    attempts: number,
    reason: unknown,
  ): Promise<boolean> {
    const { consumer, deadLetters, log } = this.#options;
    const { offset } = message;
    const record = deadLetter(message, { consumer, topic, partition, attempts }, reason);
    try {
      await deadLetters.publish([record]);
      log.error({ err: reason, topic, partition, offset, attempts }, 'an event is a dead letter');
      return true;
    } catch (err) {
      log.warn({ err, topic, partition, offset }, 'a dead letter cannot be sent; trying again');
      return false;
    }
  }
}

/** A record as an event; throws a MalformedEventError that says what is wrong with it. */
export function receivedEvent(message: KafkaMessage, topic: string): ReceivedEvent {
  const context = readCloudEvent(textHeaders(message));
  return { ...context, topic, payload: message.value ?? new Uint8Array() };
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
