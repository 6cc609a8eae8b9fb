import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import type { RedisServerArgs } from './redis-server.ts';
import { typeToken } from './type-token.ts';

export interface RedisUserArgs {
  /** Make the user depend on the server's Process (`dependsOn`), which must be ready. */
  readonly server: Input<RedisServerArgs>;
  /** `[a-z][a-z0-9-]{0,39}`, not `admin` or `default`; a change replaces the user. */
  readonly name: Input<string>;
  /** What it may do, in the words of `ACL SETUSER`, such as `~catalog:*` and `+get`; nothing else. */
  readonly rules: Input<readonly Input<string>[]>;
  /**
   * A change gives the user a new password; the old one is taken for a moment longer, so that a client that is
   * about to connect with it still can. 1 or more.
   * @default 1
   */
  readonly generation?: Input<number>;
}

/**
 * A user of a Redis server, with a random password of 256 bits that lies in `redisPasswordFile` and
 * nowhere else: the server and Pulumi's state know its SHA-256 only.
 */
export class RedisUser extends CustomResource {
  declare readonly server: Output<RedisServerArgs>;
  declare readonly name: Output<string>;
  declare readonly rules: Output<readonly string[]>;
  declare readonly generation: Output<number>;
  /** SHA-256 of the password, 64 hexadecimal digits. */
  declare readonly passwordFingerprint: Output<string>;
  /** SHA-256 of the rights as the server tells them, 64 hexadecimal digits. */
  declare readonly rightsFingerprint: Output<string>;
  /** 'intact', or 'altered' when a refresh found other rights or passwords. */
  declare readonly state: Output<string>;

  constructor(name: string, args: RedisUserArgs, options?: CustomResourceOptions) {
    super(
      typeToken('RedisUser'),
      name,
      { ...args, state: 'intact', passwordFingerprint: undefined, rightsFingerprint: undefined },
      options,
    );
  }
}
