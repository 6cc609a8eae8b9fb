import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import { typeToken } from './type-token.ts';

export interface ZoneAgentArgs {
  /** Name of the zone, `[a-z][a-z0-9-]{0,19}`; a change replaces the agent. */
  readonly zone: Input<string>;
  /** Loopback network whose addresses its processes listen on, such as `127.0.2.0/24`; a change replaces the agent. */
  readonly network: Input<string>;
  /** `RootAuthority.fingerprint`: another root makes the agent take a new intermediate. */
  readonly rootFingerprint: Input<string>;
  /** Lifetime of the leaf certificates it issues, 60 to 3600 seconds; renewed at half of it. */
  readonly leafLifetimeSeconds: Input<number>;
}

/**
 * The agent of a zone: a daemon that starts, probes, restarts and stops the zone's processes and
 * issues their certificates. A dead agent shows as drift of `state` and is started again by an update.
 */
export class ZoneAgent extends CustomResource {
  declare readonly zone: Output<string>;
  declare readonly network: Output<string>;
  declare readonly rootFingerprint: Output<string>;
  declare readonly leafLifetimeSeconds: Output<number>;
  /** 'running', or 'stopped' when a refresh found the agent dead. */
  declare readonly state: Output<string>;
  /** SHA-256 of the zone's intermediate certificate (DER), 64 hexadecimal digits. */
  declare readonly intermediateFingerprint: Output<string>;

  constructor(name: string, args: ZoneAgentArgs, options?: CustomResourceOptions) {
    super(
      typeToken('ZoneAgent'),
      name,
      { ...args, state: 'running', intermediateFingerprint: undefined },
      options,
    );
  }
}
