import type { KafkaMessage } from 'kafkajs';
import { runInScope, scopeOf } from '../call-scope.ts';
import { endSpan } from '../telemetry/tracing.ts';
import { blameOf } from './blame.ts';
import type { Blame } from './blame.ts';
import { REPLAY_HEADER } from './dead-letter.ts';
import type { EventHandler } from './event-handler.ts';
import { STATES_SUPERSEDE } from './event-memory.ts';
import type { EventReader } from './event-reader.ts';
import { startConsumerSpan } from './consumer-span.ts';
import { receivedEvent } from './event-runner.ts';
import { textHeaders } from './text-headers.ts';
import { oneByOne } from './progress.ts';
import type { Progress, RecordHandling } from './progress.ts';
import { RecordProcessor } from './record-processor.ts';
import type { Outcome, ProcessorOptions, RecordPlace } from './record-processor.ts';

/** What a processor of states is made from. */
export interface StateProcessorOptions<Change> extends Omit<
  ProcessorOptions,
  'inbox' | 'handlers'
> {
  readonly readers: ReadonlyMap<string, readonly EventReader<Change>[]>;
  readonly apply: (changes: readonly Change[]) => Promise<void>;
  readonly recordsMax: number;
}

/** Records that were read: what became of each if its change is applied. */
interface Batch<Change> {
  readonly changes: readonly Change[];
  readonly outcomes: readonly Outcome[];
}

/**
 * Applies the records of a partition in batches. When one cannot be read or a batch fails, the next
 * record is tried by itself, so that who is to blame is told, waited for or set aside as it is for every
 * consumer, and only that record is.
 */
export class StateProcessor<Change> implements RecordHandling {
  readonly recordsMax: number;
  readonly #options: StateProcessorOptions<Change>;
  readonly #single: RecordHandling;
  /** How many records of a partition are still to be tried alone, as they failed together. */
  readonly #alone = new Map<string, number>();

  constructor(options: StateProcessorOptions<Change>) {
    this.#options = options;
    this.recordsMax = options.recordsMax;
    const entries = [...options.readers].map(([topic, readers]) => [
      topic,
      readers.map((reader) => this.#handler(reader)),
    ]) satisfies [string, EventHandler[]][];
    this.#single = oneByOne(
      new RecordProcessor({
        ...options,
        handlers: new Map(entries),
        inbox: STATES_SUPERSEDE,
      }),
    );
  }

  async process(messages: readonly KafkaMessage[], place: RecordPlace): Promise<Progress> {
    const partition = `${place.topic}/${place.partition}`;
    const alone = this.#alone.get(partition) ?? 0;
    const batch = alone > 0 ? NOTHING : this.#read(messages, place.topic);
    if (batch.outcomes.length > 1) {
      const failure = await this.#apply(
        batch.changes,
        messages.slice(0, batch.outcomes.length),
        place,
      );
      if (failure === undefined) return { outcomes: batch.outcomes };
      // What is away fails one as it fails all; else one of them is to be found.
      const suspects = failure === 'surroundings' ? 1 : batch.outcomes.length;
      this.#alone.set(partition, suspects);
    }
    const progress = await this.#single.process(messages, place);
    if (alone > 0) this.#alone.set(partition, alone - progress.outcomes.length);
    return progress;
  }

  /** The records before the first that cannot be read. */
  #read(messages: readonly KafkaMessage[], topic: string): Batch<Change> {
    const changes: Change[] = [];
    const outcomes: Outcome[] = [];
    for (const message of messages) {
      // It says whom it is for, and wants to hear of it: not in a batch.
      if (textHeaders(message)[REPLAY_HEADER] !== undefined) break;
      try {
        const event = receivedEvent(message, topic);
        const reader = this.#options.readers
          .get(topic)
          ?.find(({ schema }) => schema.typeName === event.type);
        if (reader !== undefined) changes.push(reader.read(event));
        outcomes.push(reader === undefined ? 'ignored' : 'handled');
      } catch (err) {
        // It is the first of a later call, which tells what is wrong with it.
        this.#options.log.debug({ err, topic, offset: message.offset }, 'an event cannot be read');
        break;
      }
    }
    return { changes, outcomes };
  }

  /** Applies changes together; tells whose fault it is that it cannot. */
  async #apply(
    changes: readonly Change[],
    messages: readonly KafkaMessage[],
    { topic, partition }: RecordPlace,
  ): Promise<Blame | undefined> {
    if (changes.length === 0) return undefined;
    const { apply, log, retry, tracing } = this.#options;
    const span = startConsumerSpan(tracing, topic, messages);
    const signal = AbortSignal.timeout(retry.attemptTimeoutMs);
    const { attemptTimeoutMs: timeoutMs } = retry;
    const scope = scopeOf({ timeoutMs, signal, span: span.spanContext() });
    let errorType: string | undefined;
    try {
      await runInScope(scope, () => apply(changes));
      return undefined;
    } catch (err) {
      errorType = err instanceof Error ? err.name : '_OTHER';
      log.warn({ err, topic, partition, events: changes.length }, 'events failed together');
      return blameOf(err);
    } finally {
      endSpan(span, errorType);
    }
  }

  #handler(reader: EventReader<Change>): EventHandler {
    const { apply } = this.#options;
    return { schema: reader.schema, handle: (event) => apply([reader.read(event)]) };
  }
}

const NOTHING = { changes: [], outcomes: [] } as const;
