import { rememberPlace } from './declared-place.ts';

/** The message of an event: what is needed of its descriptor to tell it from others. */
export interface EventType {
  /** Full name of the message; the CloudEvents type. */
  readonly typeName: string;
}

/** A Kafka topic as given. */
export interface TopicProps<Name extends string, Events extends readonly EventType[]> {
  /** `<domain>.events.v<N>`, where the domain is the name of the service that publishes it. */
  readonly name: Name;
  /** The aggregate whose id is the key of every event, such as 'product'; orders events per key. */
  readonly key: string;
  /** The messages of its events, of the contract of the service that publishes it; no other compiles. */
  readonly events: Events;
  /** @default DEFAULT_TOPIC_PARTITIONS */
  readonly partitions?: number;
  /** Copies of each partition, each in another zone. @default DEFAULT_TOPIC_REPLICATION */
  readonly replication?: number;
  /** @default DEFAULT_TOPIC_RETENTION_DAYS */
  readonly retentionDays?: number;
}

/** A declared topic with every default filled in: what publishes to it and consumes it, names it by this. */
export interface Topic<
  Name extends string = string,
  Events extends readonly EventType[] = readonly EventType[],
> extends Required<TopicProps<Name, Events>> {
  readonly kind: 'topic';
}

/** The message of any event of a topic. */
export type EventOf<T extends Topic> = T['events'][number];

export const DEFAULT_TOPIC_PARTITIONS = 12;
export const DEFAULT_TOPIC_REPLICATION = 3;
export const DEFAULT_TOPIC_RETENTION_DAYS = 7;

/** Declares a topic; buildGraph validates it together with everything else. */
export function topic<const Name extends string, const Events extends readonly EventType[]>(
  props: TopicProps<Name, Events>,
): Topic<Name, Events> {
  const declared: Topic<Name, Events> = {
    kind: 'topic',
    partitions: DEFAULT_TOPIC_PARTITIONS,
    replication: DEFAULT_TOPIC_REPLICATION,
    retentionDays: DEFAULT_TOPIC_RETENTION_DAYS,
    ...props,
  };
  return rememberPlace(declared, topic);
}

/** The service that publishes a topic of a graph: its domain. buildGraph holds the two together. */
export function publisherOf(topic: string): string {
  return topic.slice(0, topic.indexOf('.'));
}

/** The file in which a topic of a graph is declared: that of its publisher. */
export function topicFile(topic: string): string {
  return `services/${publisherOf(topic)}/topics.ts`;
}

/** The topic that takes what consumers of a topic could not handle. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}

/** What the ids of a service's consumer groups begin with; no other service can join those. */
export function groupPrefix(service: string): string {
  return `${service}.`;
}
