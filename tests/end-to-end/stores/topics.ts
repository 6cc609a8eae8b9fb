import type { Folders } from '@meridian/provider-local/folders.ts';
import { openAsAdministrator } from '../../../tools/events/administrator.ts';
import type { PlacedRecord } from '../../../tools/events/topic-reader.ts';
import { TopicReader } from '../../../tools/events/topic-reader.ts';
import { textsIn } from './found.ts';
import type { Found } from './found.ts';

/** Kafka's own, which hold numbers of consumers. */
const INTERNAL = '__';

/** Every record of every topic that Kafka has, whether the graph has it or not: keys, headers and values. */
export async function inTopics(
  folders: Folders,
  texts: readonly string[],
): Promise<readonly Found[]> {
  const { access, identity } = await openAsAdministrator(folders);
  const { promise: caughtUp, resolve: stop } = Promise.withResolvers<undefined>();
  try {
    const names = await access.withAdmin((admin) => admin.listTopics());
    const topics = names.filter((name) => !name.startsWith(INTERNAL));
    const found = new Map(topics.map((name) => [name, new Set<string>()]));
    const reader = await TopicReader.open(access, {
      topics,
      onRecord: (record) => {
        for (const text of textsIn(bytesOf(record), texts)) found.get(record.topic)?.add(text);
      },
      onCaughtUp: () => stop(undefined),
    });
    await caughtUp;
    await reader.close();
    return [...found].map(([topic, there]) => ({ place: `topic ${topic}`, texts: [...there] }));
  } finally {
    identity.close();
  }
}

function bytesOf({ message }: PlacedRecord): Buffer {
  const headers = Object.entries(message.headers ?? {}).flatMap(([name, value]) => [name, value]);
  const parts = [message.key, message.value, ...headers.flat()];
  return Buffer.concat(parts.map((part) => Buffer.from(part ?? '')));
}
