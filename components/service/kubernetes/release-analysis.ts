import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { Metric } from '@meridian/language/metrics.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { allowedShare } from '../../observability/rules/budget.ts';
import {
  HTTP_SERVER_ERRORS,
  NOT_WAITED,
  SERVER_ERRORS,
} from '../../observability/rules/eligible-requests.ts';
import { minutes, promql, RELEASE_LABEL, series } from '../../observability/rules/promql.ts';
import type { Matchers, Query, Suffix } from '../../observability/rules/promql.ts';

/** Argument of the queries: the hash that pods of one release carry, and so their metrics. */
export const RELEASE_ARGUMENT = 'release';

/** What is asked of Prometheus before a release is promoted, and again when it has the traffic. */
export interface ReleaseAnalysis {
  readonly prometheusUrl: string;
  /** How many of its pods are measured; without an answer as long as none is, and nothing is known of the release. */
  readonly measuredPods: Query;
  /** Without an answer while the release has answered too few requests to judge by. */
  readonly errorShare: Threshold;
  /** The same, in seconds. */
  readonly latencyP95: Threshold;
}

/** A query that gives one number or none, and the most that it may be. */
export interface Threshold {
  readonly query: Query;
  readonly most: number;
}

/** So far back the queries look: longer than an analysis takes, so at all that the release did. */
export const ANALYSIS_WINDOW_MINUTES = 30;

/** One failed request is nobody's proof, and `increase` may tell of it as of two, as it extrapolates. */
const EXCUSED_FAILURES = 2;

/** The fewest of which one may be slower than the 95th percentile. */
const LEAST_TIMED = 20;

/** Metrics of one kind of server, by the names that the kit gives them. */
interface ServerMetrics {
  readonly duration: Metric;
  /** Selects requests that users or other services sent, and no probes. */
  readonly requests: Matchers;
  readonly failed: Matchers;
}

/**
 * Questions about a service's release from its objectives; undefined for one that nobody calls, which
 * would never get an answer.
 *
 * @param releaseHash which release; Argo fills it in unless it is given
 */
export function releaseAnalysis(
  graph: PlatformGraph,
  service: ServiceNode,
  prometheusUrl: string,
  releaseHash = `{{args.${RELEASE_ARGUMENT}}}`,
): ReleaseAnalysis | undefined {
  const metrics = metricsOf(graph, service);
  if (metrics === undefined) return undefined;
  const { duration, requests, failed } = metrics;
  const { availabilityPercent, latencyP95Ms } = service.objectives;
  const release = { namespace: graph.namespace, job: service.name, [RELEASE_LABEL]: releaseHash };
  const increase = (suffix: Suffix, selected: Matchers = {}): Query => {
    const selection = series(duration, { ...release, ...requests, ...selected }, suffix);
    return promql`increase(${selection}[${minutes(ANALYSIS_WINDOW_MINUTES)}])`;
  };
  const counted = promql`(sum(${increase('_count', failed)}) or vector(0)) - ${EXCUSED_FAILURES}`;
  const timed = promql`sum(${increase('_count', NOT_WAITED)})`;
  return {
    prometheusUrl,
    measuredPods: promql`count(${series(METRIC_REGISTRY.requestQueueDepth, release)})`,
    errorShare: {
      query: promql`clamp_min(${counted}, 0) / (sum(${increase('_count')}) > 0)`,
      most: allowedShare(availabilityPercent),
    },
    latencyP95: {
      // How long a change that a request was let wait for takes is the change's doing.
      query: promql`histogram_quantile(0.95, sum by (le) (${increase('_bucket', NOT_WAITED)})) and ${timed} >= ${LEAST_TIMED}`,
      most: latencyP95Ms / 1_000,
    },
  };
}

function metricsOf(graph: PlatformGraph, service: ServiceNode): ServerMetrics | undefined {
  if (service.exposure === 'edge') {
    return {
      duration: METRIC_REGISTRY.httpServerRequestDuration,
      // Its pages for probes are not paths of the API.
      requests: { http_route: { pattern: '/v[0-9]+/.*' } },
      failed: { http_response_status_code: HTTP_SERVER_ERRORS },
    };
  }
  if (service.contract === null || !graph.calls.some(({ to }) => to === service.name)) {
    return undefined;
  }
  return {
    duration: METRIC_REGISTRY.rpcServerCallDuration,
    requests: { rpc_method: { pattern: `${service.contract}/.*` } },
    failed: { rpc_status_code: SERVER_ERRORS },
  };
}
