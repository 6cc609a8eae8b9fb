import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { promql, series } from '../../observability/rules/promql.ts';
import type { Query } from '../../observability/rules/promql.ts';

/** Waiting requests of all replicas of a service; the job that scrapes a service has its name. */
export function queueDepthQuery({ namespace }: PlatformGraph, service: string): Query {
  return promql`sum(${series(METRIC_REGISTRY.requestQueueDepth, { namespace, job: service })})`;
}
