import { openAsAdministrator } from './administrator.ts';
import { contractRegistry, eventLine } from './event-line.ts';
import type { EventLine } from './event-line.ts';
import { TopicReader } from './topic-reader.ts';

/**
 * The events of some topics that Kafka still keeps and that are wanted, partition by partition in order.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, KAFKA_UNREACHABLE
 */
export async function keptEvents(
  topics: readonly string[],
  isWanted: (line: EventLine) => boolean,
): Promise<readonly EventLine[]> {
  const registry = await contractRegistry();
  const { access, identity } = await openAsAdministrator();
  const found: EventLine[] = [];
  const { promise: caughtUp, resolve: stop } = Promise.withResolvers<undefined>();
  try {
    const reader = await TopicReader.open(access, {
      topics,
      onRecord: (record) => {
        const line = eventLine(record, registry);
        // What is replayed for one consumer is there already.
        if (line.replayFor === undefined && isWanted(line)) found.push(line);
      },
      onCaughtUp: () => stop(undefined),
    });
    await caughtUp;
    await reader.close();
    return found;
  } finally {
    identity.close();
  }
}
