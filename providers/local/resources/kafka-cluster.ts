import type { Input } from '@pulumi/pulumi';

/** Which Kafka cluster of this machine is meant. */
export interface KafkaClusterArgs {
  /** The id that its storage was formatted with; a change replaces what lies in the cluster. */
  readonly id: Input<string>;
  /** Where it is reached; brokers may move without anything being replaced. */
  readonly brokers: Input<readonly Input<KafkaBrokerArgs>[]>;
}

/** One broker of a cluster. */
export interface KafkaBrokerArgs {
  /** Zone of the process that runs it. */
  readonly zone: Input<string>;
  /** Name of that process; its identity folder `admin-tls` holds the certificate of a super user. */
  readonly process: Input<string>;
  readonly address: Input<string>;
  readonly port: Input<number>;
}
