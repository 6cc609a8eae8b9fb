import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import type { ProcessSpec } from '../process-spec.ts';
import { typeToken } from './type-token.ts';

export interface ProcessArgs {
  /**
   * The zone that runs it. Pass `agent.zone` (the output), so that the process follows its agent,
   * also when the agent is replaced; a change replaces the process.
   */
  readonly zone: Input<string>;
  /** What to run; see process-spec.ts. A change of `name` replaces the process, any other updates it in place. */
  readonly spec: Input<ProcessSpec>;
  /**
   * Processes of one group start together and are changed one at a time; the first change that fails is the
   * last one. @default changed whenever its dependencies allow
   */
  readonly rollingGroup?: Input<string>;
}

/** A process (an engine or a replica of a service) that a zone's agent keeps running. */
export class Process extends CustomResource {
  declare readonly zone: Output<string>;
  declare readonly spec: Output<ProcessSpec>;
  /** 'running', or what a refresh found instead: 'stopped', 'crash-looping'. */
  declare readonly state: Output<string>;
  /** What it listens on, `address:port` by the listen's name. */
  declare readonly addresses: Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: ProcessArgs, options?: CustomResourceOptions) {
    super(typeToken('Process'), name, { ...args, state: 'running', addresses: undefined }, options);
  }
}
