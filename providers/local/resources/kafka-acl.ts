import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import type { KafkaClusterArgs } from './kafka-cluster.ts';
import { typeToken } from './type-token.ts';

/** What a principal may do; each of these brings Describe with it. */
export type KafkaOperation = 'Describe' | 'Read' | 'Write';

export interface KafkaAclArgs {
  readonly cluster: Input<KafkaClusterArgs>;
  /** Common name of the client's certificate; a change replaces the ACL. */
  readonly principal: Input<string>;
  /** A topic by its name, or all consumer groups whose id begins with `name`; a change replaces. */
  readonly resource: Input<'topic' | 'group-prefix'>;
  /** A change replaces the ACL. */
  readonly name: Input<string>;
  readonly operations: Input<readonly Input<KafkaOperation>[]>;
}

/** What a principal may do with a topic or with its consumer groups: exactly this and nothing more. */
export class KafkaAcl extends CustomResource {
  declare readonly cluster: Output<KafkaClusterArgs>;
  declare readonly principal: Output<string>;
  declare readonly resource: Output<'topic' | 'group-prefix'>;
  declare readonly name: Output<string>;
  declare readonly operations: Output<readonly KafkaOperation[]>;

  constructor(name: string, args: KafkaAclArgs, options?: CustomResourceOptions) {
    super(typeToken('KafkaAcl'), name, { ...args }, options);
  }
}
