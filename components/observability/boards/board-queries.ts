import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { Metric } from '@meridian/language/metrics.ts';
import type { ServiceNode } from '../../model/graph.ts';
import { HTTP_SERVER_ERRORS, NOT_WAITED, SERVER_ERRORS } from '../rules/eligible-requests.ts';
import { promql, series } from '../rules/promql.ts';
import type { Matchers, Query } from '../rules/promql.ts';
import type { BoardLine } from './board.ts';

/** What a board's window is named in its queries: what shows the board puts in what suits its width. */
export const RATE_INTERVAL = '$__rate_interval';

const WINDOW: Query = { parts: [RATE_INTERVAL], metrics: [], selections: [], records: [] };

/** How much a counter grows in a second. */
export function rateOf(counter: Query): Query {
  return promql`rate(${counter}[${WINDOW}])`;
}

/** The metric by which a server counts its requests, with its labels for what was asked and what came of it. */
export interface RequestMetric {
  readonly duration: Pick<Metric, 'name'>;
  readonly operation: 'http_route' | 'rpc_method';
  readonly status: 'http_response_status_code' | 'rpc_status_code';
  /** Selects the errors of a server. */
  readonly failed: Matchers;
}

/** The requests that a service serves. */
export function servedRequests({ exposure }: Pick<ServiceNode, 'exposure'>): RequestMetric {
  return exposure === 'edge'
    ? {
        duration: METRIC_REGISTRY.httpServerRequestDuration,
        operation: 'http_route',
        status: 'http_response_status_code',
        failed: { http_response_status_code: HTTP_SERVER_ERRORS },
      }
    : {
        duration: METRIC_REGISTRY.rpcServerCallDuration,
        operation: 'rpc_method',
        status: 'rpc_status_code',
        failed: { rpc_status_code: SERVER_ERRORS },
      };
}

/** The buckets of durations, without what was let wait for a change. */
export function durationBuckets({ duration }: RequestMetric, matchers: Matchers): Query {
  return rateOf(series(duration, { ...NOT_WAITED, ...matchers }, '_bucket'));
}

/** Half, 95 and 99 of a hundred come within; their points lead to traces. */
export function quantileLines(buckets: Query): readonly BoardLine[] {
  return [0.5, 0.95, 0.99].map((quantile) => ({
    query: promql`histogram_quantile(${quantile}, sum by (le) (${buckets}))`,
    legend: `p${quantile * 100}`,
    exemplars: true,
  }));
}
