import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import { typeToken } from './type-token.ts';

export interface RootAuthorityArgs {
  /** SPIFFE trust domain, such as `meridian.local`; a change replaces the authority. */
  readonly trustDomain: Input<string>;
  /** How long the root certificate is valid, 1 to 3650 days; a change replaces the authority. */
  readonly lifetimeDays: Input<number>;
}

/**
 * The root certificate authority of a stack. Its key stays in the stack's state folder (mode 600);
 * Pulumi's state holds the certificate's fingerprint only.
 */
export class RootAuthority extends CustomResource {
  declare readonly trustDomain: Output<string>;
  declare readonly lifetimeDays: Output<number>;
  /** SHA-256 of the certificate (DER), 64 hexadecimal digits. */
  declare readonly fingerprint: Output<string>;
  /** Where the certificate lies, with the placeholder `${state}`. */
  declare readonly certificatePath: Output<string>;
  /** 'valid', or 'expiring' when a refresh found little of its lifetime left: the next update replaces it. */
  declare readonly state: Output<string>;

  constructor(name: string, args: RootAuthorityArgs, options?: CustomResourceOptions) {
    super(
      typeToken('RootAuthority'),
      name,
      { ...args, state: 'valid', fingerprint: undefined, certificatePath: undefined },
      options,
    );
  }
}
