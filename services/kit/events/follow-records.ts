import type { ConsumedTopic } from '@meridian/components/model/client-types.ts';
import type { KafkaMessage } from 'kafkajs';
import { runInScope, scopeOf } from '../call-scope.ts';
import type { Runtime } from '../runtime.ts';
import { endSpan } from '../telemetry/tracing.ts';
import { runConsumer } from './consume.ts';
import { startConsumerSpan } from './consumer-span.ts';
import type { Progress, RecordHandling } from './progress.ts';
import { backoffMs } from '../patience.ts';
import { DEFAULT_RETRY_SETTINGS } from './record-processor.ts';
import type { RecordPlace, RetrySettings } from './record-processor.ts';

/** Every topic that a declaration consumes, by its name: one that is missing does not compile. */
export type ConsumedTopics<Declaration> = {
  readonly [T in ConsumedTopic<Declaration> as T['name']]: T;
};

/** What a service does about every record, whatever it is. */
export interface RecordOptions {
  /**
   * Keeps records of one partition, all of them or none: those that cannot be read too. It is called again
   * with records that were kept before, and by several replicas at once.
   */
  readonly keep: (messages: readonly KafkaMessage[], place: RecordPlace) => Promise<void>;
  /** Records that are kept at once at most. */
  readonly recordsMax: number;
  /**
   * Number of this reading of all that Kafka keeps, asked when the process starts: one with another number than
   * before begins at the beginning. @default 1
   */
  readonly readings?: () => Promise<number>;
  /** Merged over DEFAULT_RETRY_SETTINGS; there is no last attempt. */
  readonly retry?: Partial<Omit<RetrySettings, 'attemptsMax'>>;
}

/**
 * Reads every record of the consumed topics, in the background while the process belongs to the active
 * release, for a service that keeps all of them: nothing is skipped or set aside, and whatever goes wrong is
 * waited out. Offsets are committed after `keep`. Once for each process; throws a CodedError without a
 * binding to Kafka.
 */
export function followRecords<Declaration>(
  runtime: Runtime,
  topics: ConsumedTopics<Declaration>,
  options: RecordOptions,
): void {
  const keeper = (): RecordHandling => new RecordKeeper(runtime, options);
  runConsumer(runtime, Object.keys(topics), keeper, options.readings);
}

/** Keeps the records of each partition in batches, for as long as it takes. */
export class RecordKeeper implements RecordHandling {
  readonly recordsMax: number;
  readonly #runtime: Pick<Runtime, 'log' | 'tracing'>;
  readonly #keep: RecordOptions['keep'];
  readonly #retry: RetrySettings;
  /** Failed attempts in a row, by topic and partition. */
  readonly #failures = new Map<string, number>();

  constructor(runtime: Pick<Runtime, 'log' | 'tracing'>, options: RecordOptions) {
    this.recordsMax = options.recordsMax;
    this.#runtime = runtime;
    this.#keep = options.keep;
    this.#retry = { ...DEFAULT_RETRY_SETTINGS, ...options.retry };
  }

  async process(messages: readonly KafkaMessage[], place: RecordPlace): Promise<Progress> {
    const { log, tracing } = this.#runtime;
    const { topic, partition } = place;
    const { attemptTimeoutMs: timeoutMs } = this.#retry;
    const span = startConsumerSpan(tracing, topic, messages);
    const signal = AbortSignal.timeout(timeoutMs);
    const scope = scopeOf({ timeoutMs, signal, span: span.spanContext() });
    const key = `${topic}/${partition}`;
    let errorType: string | undefined;
    try {
      await runInScope(scope, () => this.#keep(messages, place));
      this.#failures.delete(key);
      return { outcomes: messages.map(() => 'handled') };
    } catch (err) {
      errorType = err instanceof Error ? err.name : '_OTHER';
      const attempts = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, attempts);
      const offset = messages[0]?.offset;
      log.warn({ err, topic, partition, offset, attempts }, 'records cannot be kept; trying again');
      const { backoffFirstMs, backoffMaxMs } = this.#retry;
      return { outcomes: [], againAfterMs: backoffMs(attempts, backoffFirstMs, backoffMaxMs) };
    } finally {
      endSpan(span, errorType);
    }
  }
}
