import type { ConsumedTopic } from '@meridian/components/model/client-types.ts';
import type { EventOf, Topic } from '@meridian/language/topic.ts';
import type { Runtime } from '../runtime.ts';
import { runConsumer } from './consume.ts';
import type { EventReader } from './event-reader.ts';
import { DEFAULT_RETRY_SETTINGS } from './record-processor.ts';
import type { RetrySettings } from './record-processor.ts';
import { StateProcessor } from './state-processor.ts';

/** What a service does about the states that events tell of. */
export interface FollowOptions<Declaration, Change> {
  /** Readers for each consumed topic by its name; events of a type that none reads are skipped. */
  readonly topics: [ConsumedTopic<Declaration>] extends [never]
    ? never
    : ReadersOf<ConsumedTopic<Declaration>, Change>;
  /**
   * Applies changes, all or as far as it gets; throws if any is not applied for good. It is called again
   * with changes that were applied before, by several replicas at once, and in any order after that.
   */
  readonly apply: (changes: readonly Change[]) => Promise<void>;
  /** Changes that are applied at once at most. @default CHANGES_MAX */
  readonly changesMax?: number;
  /** Merged over DEFAULT_RETRY_SETTINGS. */
  readonly retry?: Partial<RetrySettings>;
}

type ReadersOf<Consumed extends Topic, Change> = {
  readonly [T in Consumed as T['name']]: readonly EventReader<Change, EventOf<T>>[];
};

/** More make an engine no faster, and lose more when one of them fails. */
export const CHANGES_MAX = 500;

/**
 * Follows the states of what others own, in the background while the process belongs to the active
 * release, for a service that keeps them where no transaction remembers which events it has seen: each
 * event carries a whole state with its version, so applying one again, or an old one late, is to change
 * nothing. Records are read in batches; otherwise as consume() does. Once for each process; throws a
 * CodedError without a binding to Kafka.
 */
export function followStates<Declaration, Change>(
  runtime: Runtime,
  options: FollowOptions<Declaration, Change>,
): void {
  const readers = new Map(Object.entries<readonly EventReader<Change>[]>(options.topics));
  runConsumer(
    runtime,
    [...readers.keys()],
    (deadLetters) =>
      new StateProcessor<Change>({
        consumer: runtime.configuration.service,
        readers,
        apply: options.apply,
        recordsMax: options.changesMax ?? CHANGES_MAX,
        deadLetters,
        log: runtime.log,
        tracing: runtime.tracing,
        retry: { ...DEFAULT_RETRY_SETTINGS, ...options.retry },
      }),
  );
}
