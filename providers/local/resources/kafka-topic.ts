import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import type { KafkaClusterArgs } from './kafka-cluster.ts';
import { typeToken } from './type-token.ts';

export interface KafkaTopicArgs {
  /** Make the topic depend on the processes of the brokers (`dependsOn`); it waits for their quorum. */
  readonly cluster: Input<KafkaClusterArgs>;
  /** 1 to 249 letters, digits, dots, hyphens and underscores; a change replaces the topic. */
  readonly name: Input<string>;
  /** 1 to 200. May grow; fewer are refused, as their records would be lost. */
  readonly partitions: Input<number>;
  /** Copies of each partition, 1 to 7; a change is refused. */
  readonly replication: Input<number>;
  /** How many copies must have a record before it is acknowledged. */
  readonly minInSyncReplicas: Input<number>;
  /** How long records are kept, 1 to 3650 days. */
  readonly retentionDays: Input<number>;
}

/** A topic. Deleting it loses its records: set `protect`. */
export class KafkaTopic extends CustomResource {
  declare readonly cluster: Output<KafkaClusterArgs>;
  declare readonly name: Output<string>;
  declare readonly partitions: Output<number>;
  declare readonly replication: Output<number>;
  declare readonly minInSyncReplicas: Output<number>;
  declare readonly retentionDays: Output<number>;

  constructor(name: string, args: KafkaTopicArgs, options?: CustomResourceOptions) {
    super(typeToken('KafkaTopic'), name, { ...args }, options);
  }
}
