import { deadLetterTopic } from '@meridian/language/topic.ts';
import type { PlatformGraph } from './graph.ts';
import { isDatabase } from './store.ts';

/** One database with the two roles that reach it: the owner migrates, the service reads and writes. */
export interface DatabaseGrant {
  readonly database: string;
  readonly service: string;
  /** Role that owns the schema and runs migrations; it cannot log in. */
  readonly ownerRole: string;
  /** Role of the service; equals the common name of its client certificate. */
  readonly serviceRole: string;
  /** Tables whose rows the role of the service can add, and neither change nor delete. */
  readonly appendOnly: readonly string[];
  /** For how many days their rows hold what may move to an archive; null is for ever. @default nothing moves */
  readonly keepDays?: number | null;
  /** Folder of migrations, relative to the program's root. */
  readonly migrations: string;
  /** Name of the service's binding folder. */
  readonly binding: string;
}

/** What a Kafka principal may do with a topic. */
export interface TopicGrant {
  readonly principal: string;
  readonly topic: string;
  readonly operation: 'Read' | 'Write';
}

/** The databases of a graph and who may do what in them, by the stores that services declare. */
export function databaseGrants(graph: PlatformGraph): readonly DatabaseGrant[] {
  return graph.services.flatMap((service) =>
    service.stores.filter(isDatabase).map((store) => ({
      database: sqlName(store.name),
      service: service.name,
      ownerRole: ownerRoleName(store.name),
      serviceRole: sqlName(service.name),
      appendOnly: store.appendOnly,
      ...(store.keepDays === undefined ? {} : { keepDays: store.keepDays }),
      migrations: store.migrations,
      binding: store.binding,
    })),
  );
}

/** The name of a service or store as SQL takes it without quotes: hyphens become underscores. */
export function sqlName(name: string): string {
  return name.replaceAll('-', '_');
}

/** The role that owns the database of a store. */
export function ownerRoleName(store: string): string {
  return `${sqlName(store)}_owner`;
}

/** The topics of a graph and who may read or write them, by `publishes` and `consumes`. */
export function topicGrants(graph: PlatformGraph): readonly TopicGrant[] {
  return graph.topics.flatMap((topic): TopicGrant[] => [
    ...topic.publishers.map((principal) => ({
      principal,
      topic: topic.name,
      operation: 'Write' as const,
    })),
    ...topic.consumers.flatMap((principal): TopicGrant[] => [
      { principal, topic: topic.name, operation: 'Read' },
      // An event that a consumer cannot handle goes to the dead-letter topic of its topic.
      { principal, topic: deadLetterTopic(topic.name), operation: 'Write' },
    ]),
  ]);
}
