import type { ComponentResource } from '@pulumi/pulumi';
import type { PlatformGraph } from './model/graph.ts';

/** An engine as services and tasks meet it, wherever it runs. */
export interface Engine extends ComponentResource {
  /** Whether a service or task may only start when the engine is up and holds what it uses. */
  isAwaitedBy(graph: PlatformGraph, workload: string): boolean;
}
