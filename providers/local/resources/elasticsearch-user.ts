import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import { typeToken } from './type-token.ts';

/** Which node of this machine is meant. */
export interface ElasticsearchNodeArgs {
  /** Zone of the process that runs the node. */
  readonly zone: Input<string>;
  /** Name of that process, whose users are those of `elasticsearchUsersFile`. */
  readonly process: Input<string>;
}

export interface ElasticsearchUserArgs {
  /**
   * The node need not run: have its Process depend on its users, and it begins with them. A change replaces
   * the user.
   */
  readonly node: Input<ElasticsearchNodeArgs>;
  /** `[a-z][a-z0-9-]{0,39}`; a change replaces the user. */
  readonly name: Input<string>;
  /**
   * A change gives the user a new password, which a node takes within a second or two. 1 or more.
   * @default 1
   */
  readonly generation?: Input<number>;
}

/**
 * A user of a node of Elasticsearch, with a random password of 256 bits that lies in
 * `elasticsearchPasswordFile` and nowhere else: the node has a salted hash of it, and Pulumi's state its
 * SHA-256. What the user may do is written in files of the node's process.
 */
export class ElasticsearchUser extends CustomResource {
  declare readonly node: Output<ElasticsearchNodeArgs>;
  declare readonly name: Output<string>;
  declare readonly generation: Output<number>;
  /** SHA-256 of the password, 64 hexadecimal digits. */
  declare readonly passwordFingerprint: Output<string>;
  /** 'intact', or 'altered' when a refresh found another password than the node has. */
  declare readonly state: Output<string>;

  constructor(name: string, args: ElasticsearchUserArgs, options?: CustomResourceOptions) {
    super(
      typeToken('ElasticsearchUser'),
      name,
      { ...args, state: 'intact', passwordFingerprint: undefined },
      options,
    );
  }
}
