import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { allowedShare } from '../../observability/rules/budget.ts';
import { HTTP_SERVER_ERRORS, SERVER_ERRORS } from '../../observability/rules/eligible-requests.ts';
import { RELEASE_LABEL } from '../../observability/rules/promql.ts';

/** Argument of the queries: the hash that pods of one release carry, and so their metrics. */
export const RELEASE_ARGUMENT = 'release';

/** What is asked of Prometheus before a release is promoted. */
export interface ReleaseAnalysis {
  readonly prometheusUrl: string;
  /** Without an answer while the release has answered too few requests to judge by. */
  readonly errorShare: Threshold;
  /** The same, in seconds. */
  readonly latencyP95: Threshold;
}

/** A query in PromQL that gives one number or none, and the most that it may be. */
export interface Threshold {
  readonly query: string;
  readonly most: number;
}

/** So far back the queries look: longer than an analysis takes, so at all that the release did. */
export const ANALYSIS_WINDOW_MINUTES = 30;

/** How long a change that a request was let wait for takes is the change's doing. Errors of such a request count. */
const NOT_WAITED = 'waited=""';

/** Metrics of one kind of server, by the names that the kit gives them. */
interface ServerMetrics {
  readonly duration: string;
  /** Selects requests that users or other services sent, and no probes. */
  readonly requests: string;
  readonly failed: string;
}

/**
 * Questions about a service's release from its objectives; undefined for one that nobody calls, which
 * would never get an answer.
 */
export function releaseAnalysis(
  graph: PlatformGraph,
  service: ServiceNode,
  prometheusUrl: string,
): ReleaseAnalysis | undefined {
  const metrics = metricsOf(graph, service);
  if (metrics === undefined) return undefined;
  const { duration, requests, failed } = metrics;
  const { availabilityPercent, latencyP95Ms } = service.objectives;
  const release = [
    `namespace="${graph.namespace}"`,
    `job="${service.name}"`,
    `${RELEASE_LABEL}="{{args.${RELEASE_ARGUMENT}}}"`,
  ].join(',');
  const increase = (series: string, ...selectors: readonly string[]): string =>
    `increase(${duration}_${series}{${[release, ...selectors].join(',')}}[${ANALYSIS_WINDOW_MINUTES}m])`;
  const allowed = allowedShare(availabilityPercent);
  const total = `sum(${increase('count', requests)})`;
  const timed = `sum(${increase('count', requests, NOT_WAITED)})`;
  const enough = (counted: string): string => `and ${counted} >= ${leastRequests(allowed)}`;
  return {
    prometheusUrl,
    errorShare: {
      query: `(sum(${increase('count', requests, failed)}) or vector(0)) / ${total} ${enough(total)}`,
      most: allowed,
    },
    latencyP95: {
      query: `histogram_quantile(0.95, sum by (le) (${increase('bucket', requests, NOT_WAITED)})) ${enough(timed)}`,
      most: latencyP95Ms / 1_000,
    },
  };
}

function metricsOf(graph: PlatformGraph, service: ServiceNode): ServerMetrics | undefined {
  if (service.exposure === 'edge') {
    return {
      duration: 'http_server_request_duration_seconds',
      // Its pages for probes are not paths of the API.
      requests: 'http_route=~"/v[0-9]+/.*"',
      failed: `http_response_status_code=~"${HTTP_SERVER_ERRORS.pattern}"`,
    };
  }
  if (service.contract === null || !graph.calls.some(({ to }) => to === service.name)) {
    return undefined;
  }
  return {
    duration: 'rpc_server_call_duration_seconds',
    requests: `rpc_method=~"${service.contract}/.*"`,
    failed: `rpc_status_code=~"${SERVER_ERRORS.join('|')}"`,
  };
}

/** The fewest requests of which one may fail: with fewer, the first error would be one too many. */
function leastRequests(allowed: number): number {
  return Math.ceil(Number((1 / allowed).toPrecision(6)));
}
