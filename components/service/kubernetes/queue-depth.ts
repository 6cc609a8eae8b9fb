import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph } from '../../model/graph.ts';

/** Waiting requests of all replicas of a service, in PromQL; the job that scrapes a service has its name. */
export function queueDepthQuery({ namespace }: PlatformGraph, service: string): string {
  const { name } = METRIC_REGISTRY.requestQueueDepth;
  return `sum(${name}{namespace="${namespace}",job="${service}"})`;
}
