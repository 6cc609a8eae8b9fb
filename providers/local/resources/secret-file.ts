import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import { typeToken } from './type-token.ts';

export interface SecretFileArgs {
  /** `[a-z][a-z0-9-]{0,39}`, unique in the stack; a change replaces the secret. */
  readonly name: Input<string>;
  /**
   * A change puts another secret first; the one before it stays in the second line, so that what was
   * signed with it a moment ago is still good. 1 or more.
   * @default 1
   */
  readonly generation?: Input<number>;
  /** 16 where somebody else's form of it has 32 characters; a change replaces the secret. @default 32 */
  readonly bytes?: Input<16 | 32>;
}

/** Where a secret lies, with the placeholder `${state}`; mode 600, one secret a line, the current one first. */
export function secretFilePath(name: string): string {
  return `\${state}/credentials/${name}`;
}

/**
 * A random secret, of 256 bits by default, that several processes of the machine share. It lies in `secretFilePath` and
 * nowhere else: Pulumi's state knows its SHA-256 only.
 */
export class SecretFile extends CustomResource {
  declare readonly name: Output<string>;
  declare readonly generation: Output<number>;
  /** SHA-256 of the current secret, 64 hexadecimal digits. */
  declare readonly fingerprint: Output<string>;
  /** 'intact', or 'altered' when a refresh found another secret, or half of one. */
  declare readonly state: Output<string>;

  constructor(name: string, args: SecretFileArgs, options?: CustomResourceOptions) {
    super(
      typeToken('SecretFile'),
      name,
      { ...args, state: 'intact', fingerprint: undefined },
      options,
    );
  }
}
