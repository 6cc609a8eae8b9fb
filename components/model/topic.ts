/** A Kafka topic as given. */
export interface TopicProps<Name extends string> {
  /** `<domain>.events.v<N>`, where the domain is the name of the service that publishes it. */
  readonly name: Name;
  /** The aggregate whose id is the key of every event, such as 'product'; orders events per key. */
  readonly key: string;
  /** @default DEFAULT_TOPIC_PARTITIONS */
  readonly partitions?: number;
  /** Copies of each partition, each in another zone. @default DEFAULT_TOPIC_REPLICATION */
  readonly replication?: number;
  /** @default DEFAULT_TOPIC_RETENTION_DAYS */
  readonly retentionDays?: number;
}

/** A declared topic with every default filled in. */
export interface Topic<Name extends string = string> extends Required<TopicProps<Name>> {
  readonly kind: 'topic';
}

export const DEFAULT_TOPIC_PARTITIONS = 12;
export const DEFAULT_TOPIC_REPLICATION = 3;
export const DEFAULT_TOPIC_RETENTION_DAYS = 7;

/** Declares a topic; buildGraph validates it together with everything else. */
export function topic<const Name extends string>(props: TopicProps<Name>): Topic<Name> {
  return {
    kind: 'topic',
    partitions: DEFAULT_TOPIC_PARTITIONS,
    replication: DEFAULT_TOPIC_REPLICATION,
    retentionDays: DEFAULT_TOPIC_RETENTION_DAYS,
    ...props,
  };
}
