import type { KafkaMessage } from 'kafkajs';
import { backoffMs } from '../patience.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { blameOf } from './blame.ts';
import { CLOUD_EVENT_HEADERS, MalformedEventError } from './cloud-event.ts';
import {
  DROP_HEADER,
  REPLAY_HEADER,
  deadLetter,
  heldBackLetter,
  heldEvent,
  settledLetter,
} from './dead-letter.ts';
import type { EventHandler } from './event-handler.ts';
import type { EventMemory } from './event-memory.ts';
import { EventRunner, receivedEvent } from './event-runner.ts';
import { FailureRun } from './failure-run.ts';
import type { HeldEvent } from './held-events.ts';
import type { OutgoingRecord, Publisher } from './publisher.ts';
import { textHeaders } from './text-headers.ts';

/**
 * What became of a record: its effect is there, was there already, is nobody's, waits behind a dead letter
 * of its aggregate, is left out since somebody said so, or it is one.
 */
export type Outcome = 'handled' | 'repeated' | 'ignored' | 'held' | 'dropped' | 'dead';

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
  readonly inbox: EventMemory;
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
  /** The event that is tried: the record, or one that was held back and goes before it. */
  tried: { readonly message: KafkaMessage; readonly held: boolean };
  attempts: number;
  /** Those that the surroundings are not to blame for. */
  failures: number;
}

/**
 * Handles the records of each partition in their order. What fails because of its surroundings is tried
 * again for as long as it takes; a record that fails by itself is tried a few times and then set aside;
 * and where no error tells, but one record after the other fails, it is not the records' fault.
 *
 * Behind a record that was set aside, later ones of its aggregate are held back, and all others flow. When
 * it comes again, as a replay for this consumer, it and those behind it are handled first, in their order;
 * or it is dropped, and those behind it are.
 */
export class RecordProcessor {
  readonly #options: ProcessorOptions;
  /** By topic and partition. */
  readonly #trials = new Map<string, Trial>();
  /** By topic and type of event: that one handler works says nothing of another. */
  readonly #failures = new Map<string, FailureRun>();
  readonly #runner: EventRunner;

  constructor(options: ProcessorOptions) {
    this.#options = options;
    const { attemptTimeoutMs } = options.retry;
    this.#runner = new EventRunner({ ...options, attemptTimeoutMs });
  }

  /** Tries a record once; never throws. The next of its partition is tried when this one is done. */
  async process(message: KafkaMessage, place: RecordPlace): Promise<Step> {
    const trial = this.#trialOf(place, message);
    trial.attempts += 1;
    try {
      const outcome = await this.#attempt(message, place, trial);
      if (outcome === 'blocked') return { kind: 'again', afterMs: 0 };
      if (outcome === 'handled') this.#failuresLike(message, place).end();
      return this.#done(place, outcome);
    } catch (err) {
      return await this.#failed(trial, place, err);
    }
  }

  async #failed(trial: Trial, place: RecordPlace, err: unknown): Promise<Step> {
    const { log, retry } = this.#options;
    const { offset, attempts, tried } = trial;
    const fields = { err, ...place, offset, attempts };
    if (blameOf(err) !== 'surroundings') trial.failures += 1;
    const spent = err instanceof MalformedEventError || trial.failures >= retry.attemptsMax;
    if (spent && this.#isToBlame(tried.message, err, place)) {
      if (await this.#setAside(trial, place, err)) return this.#done(place, 'dead');
    } else if (spent) {
      log.error(fields, 'one event after the other fails, so none is to blame; waiting');
    } else {
      log.warn(fields, 'an event failed; trying again');
    }
    return {
      kind: 'again',
      afterMs: backoffMs(attempts, retry.backoffFirstMs, retry.backoffMaxMs),
    };
  }

  #trialOf({ topic, partition }: RecordPlace, message: KafkaMessage): Trial {
    const id = `${topic}/${partition}`;
    const known = this.#trials.get(id);
    if (known?.offset === message.offset) return known;
    const tried = { message, held: false };
    const trial: Trial = { offset: message.offset, tried, attempts: 0, failures: 0 };
    this.#trials.set(id, trial);
    return trial;
  }

  #done({ topic, partition }: RecordPlace, outcome: Outcome): Step {
    this.#trials.delete(`${topic}/${partition}`);
    return { kind: 'done', outcome };
  }

  /** Whether a record that failed too often did so by itself. */
  #isToBlame(message: KafkaMessage, error: unknown, place: RecordPlace): boolean {
    if (blameOf(error) === 'record') return true;
    const { key, offset } = message;
    const aggregate = key?.toString('base64') ?? `${place.partition}/${offset}`;
    return !this.#failuresLike(message, place).isSuspicious(aggregate);
  }

  /** Of the events that the handler of this one takes. */
  #failuresLike(message: KafkaMessage, { topic }: RecordPlace): FailureRun {
    const handled = `${topic} ${textHeaders(message)[CLOUD_EVENT_HEADERS.type]}`;
    const run = this.#failures.get(handled) ?? new FailureRun();
    this.#failures.set(handled, run);
    return run;
  }

  async #attempt(
    message: KafkaMessage,
    place: RecordPlace,
    trial: Trial,
  ): Promise<Outcome | 'blocked'> {
    const { consumer, inbox } = this.#options;
    const { [REPLAY_HEADER]: replayed, [DROP_HEADER]: reason } = textHeaders(message);
    if (replayed !== undefined && replayed !== consumer) return 'ignored';
    if (replayed !== undefined && reason !== undefined) {
      return await this.#drop(message, place, trial, reason);
    }
    if (replayed !== undefined) await this.#release(message, place, trial);
    trial.tried = { message, held: false };
    const event = receivedEvent(message, place.topic);
    const work = this.#runner.workOf(event);
    if (work === undefined) {
      if (replayed !== undefined) await this.#settle(message, place);
      return 'ignored';
    }
    const { id, topic } = event;
    const taken = await this.#runner.run(message, event, () =>
      inbox.once({ id, topic, key: message.key }, work),
    );
    if (taken === 'blocked') return await this.#holdBack(message, place);
    if (replayed !== undefined) await this.#settle(message, place);
    return taken;
  }

  /** Handles what is held of the aggregate of a replayed record, in its order. */
  async #release({ key, offset }: KafkaMessage, place: RecordPlace, trial: Trial): Promise<void> {
    const { inbox } = this.#options;
    if (key === null) return;
    const { topic } = place;
    for (;;) {
      const held = await inbox.nextHeld(topic, key);
      if (held === undefined) return;
      const message = recordOf(held, key, offset);
      trial.tried = { message, held: true };
      const event = receivedEvent(message, topic);
      // A program that has no handler for it any more lets it go.
      const work = this.#runner.workOf(event) ?? (() => Promise.resolve());
      await this.#runner.run(message, event, () => inbox.release(topic, key, held.eventId, work));
      // The next one has failed at nothing yet.
      trial.failures = 0;
      trial.attempts = 1;
      this.#failuresLike(message, place).end();
      await this.#settle(message, place);
    }
  }

  /** Lets a dead letter go, as somebody has decided, and handles what is held behind it. */
  async #drop(
    message: KafkaMessage,
    place: RecordPlace,
    trial: Trial,
    reason: string,
  ): Promise<Outcome> {
    const { inbox, log } = this.#options;
    const id = heldEvent(message)?.eventId;
    const fields = { ...place, offset: message.offset, event_id: id };
    const dropped =
      message.key === null || id === undefined
        ? 'dropped'
        : await inbox.drop(place.topic, message.key, id, reason);
    if (dropped === 'behind another') {
      log.warn(fields, 'an event is not dropped: an earlier one of its aggregate is in the way');
      return 'ignored';
    }
    if (dropped === 'dropped') {
      log.warn({ ...fields, reason }, 'an event is dropped, and will have no effect');
      await this.#settle(message, place, reason);
    }
    await this.#release(message, place, trial);
    if (dropped === 'not kept') await this.#settle(message, place);
    return dropped === 'dropped' ? 'dropped' : 'repeated';
  }

  /** Keeps a record behind what is in its way; 'blocked' if nothing is any more. */
  async #holdBack(message: KafkaMessage, place: RecordPlace): Promise<'held' | 'blocked'> {
    const { consumer, inbox, log } = this.#options;
    const held = heldEvent(message);
    if (message.key === null || held === undefined) return 'blocked';
    const behind = await inbox.holdBack(place.topic, message.key, held);
    if (behind === undefined) return 'blocked';
    const fields = { ...place, offset: message.offset, event_id: held.eventId, behind };
    log.warn(fields, 'an event is held back behind a dead letter of its aggregate');
    await this.#tell(heldBackLetter(message, { consumer, ...place, attempts: 0 }, behind));
    return 'held';
  }

  /** Says that a dead letter, or what was held back behind one, is handled or dropped. */
  async #settle(message: KafkaMessage, { topic }: RecordPlace, dropped?: string): Promise<void> {
    const { consumer } = this.#options;
    await this.#tell(settledLetter(message, { consumer, topic }, dropped));
  }

  /** For those who look at dead letters: whatever becomes of it, the inbox knows. */
  async #tell(record: OutgoingRecord): Promise<void> {
    const { deadLetters, log } = this.#options;
    try {
      await deadLetters.publish([record]);
    } catch (err) {
      log.warn({ err, topic: record.topic }, 'the dead letters lack a note');
    }
  }

  /** Whether Kafka has it: a record that is neither handled nor set aside would be lost. */
  async #setAside(
    { tried: { message, held }, attempts }: Trial,
    place: RecordPlace,
    reason: unknown,
  ): Promise<boolean> {
    const { consumer, deadLetters, inbox, log } = this.#options;
    const fields = { ...place, offset: message.offset };
    try {
      await deadLetters.publish([deadLetter(message, { consumer, ...place, attempts }, reason)]);
      const event = heldEvent(message);
      // Without the headers of an event it has no version; one that was held back is in the way already.
      if (!held && message.key !== null && event !== undefined) {
        await inbox.block(place.topic, message.key, event);
      }
      log.error({ err: reason, ...fields, attempts }, 'an event is a dead letter');
      return true;
    } catch (err) {
      log.warn({ err, ...fields }, 'an event cannot be set aside; trying again');
      return false;
    }
  }
}

/** An event that was held, as a record again. */
function recordOf({ value, headers }: HeldEvent, key: Buffer, offset: string): KafkaMessage {
  return { key, value, headers: { ...headers }, offset, timestamp: '0', attributes: 0 };
}
