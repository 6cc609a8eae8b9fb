import type { ComponentResource } from '@pulumi/pulumi';
import type { PlatformGraph, ServiceNode } from './model/graph.ts';

/** An engine as services and tasks meet it, wherever it runs. */
export interface Engine extends ComponentResource {
  /** Whether a service or task may only start when the engine is up and holds what it uses. */
  isAwaitedBy(graph: PlatformGraph, workload: string): boolean;
}

/** Who suffers where an engine is away; its folder says it, and nobody else. */
export interface EngineUsers {
  /** The job under which its processes are scraped, so no name of a service. */
  readonly job: string;
  readonly isUsedBy: (graph: PlatformGraph, service: ServiceNode) => boolean;
}
