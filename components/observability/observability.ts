import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import type { Certificates } from '../certificates/certificates.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Edge } from '../edge/edge.ts';
import type { Zones } from '../zones/zones.ts';

/** What receives, keeps and shows the telemetry of the platform, and alerts. */
export interface ObservabilityArgs {
  readonly landing: ObservabilityLanding;
  readonly certificates: Certificates;
  readonly cluster: Cluster;
  readonly zones: Zones;
  /** The platform is up before anything watches it. */
  readonly edge: Edge;
}

/** The same everywhere. */
export interface ObservabilityOutputs {
  /** Where people look at it; null where nothing receives telemetry. */
  readonly consoleUrl: string | null;
}

/** Makes it real. */
export type ObservabilityLanding = (
  parent: ComponentResource,
  name: string,
  args: ObservabilityArgs,
) => ObservabilityOutputs;

/** Collector, stores of metrics, logs and traces, alerting, and what shows them; nobody's start waits for it. */
export class Observability extends ComponentResource implements ObservabilityOutputs {
  readonly consoleUrl: string | null;

  constructor(name: string, args: ObservabilityArgs, options?: ComponentResourceOptions) {
    super('meridian:observability:Observability', name, {}, options);
    this.consoleUrl = args.landing(this, name, args).consoleUrl;
    this.registerOutputs({ consoleUrl: this.consoleUrl });
  }
}
