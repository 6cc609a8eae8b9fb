import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Resource } from '@pulumi/pulumi';
import type { Zones } from '../zones/zones.ts';

/** A program that is run on demand. */
export interface TaskArgs {
  readonly landing: TaskLanding;
  /** Name of the task in the graph. */
  readonly task: string;
  readonly zones: Zones;
  /** What is up before it can run: the engines that it waits for, and the services that it calls. */
  readonly after: readonly Resource[];
}

/** The same everywhere. */
export interface TaskOutputs {
  /** The zone that runs it. */
  readonly zone: string;
}

/** Makes a task real, that is ready to be run. */
export type TaskLanding = (parent: ComponentResource, name: string, args: TaskArgs) => TaskOutputs;

/** A task: an identity and bindings like a service's, and nothing running until it is asked for. */
export class Task extends ComponentResource implements TaskOutputs {
  readonly zone: string;

  constructor(name: string, args: TaskArgs, options?: ComponentResourceOptions) {
    super('meridian:task:Task', name, {}, options);
    this.zone = args.landing(this, name, args).zone;
    this.registerOutputs({ zone: this.zone });
  }
}
