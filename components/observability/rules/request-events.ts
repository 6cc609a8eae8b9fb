import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { MethodNode, PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { operationObjectives } from '../../model/objectives.ts';
import { BASE_WINDOW } from './burn-rates.ts';
import { ELIGIBLE, NOT_WAITED } from './eligible-requests.ts';
import { anyOf, promql, recorded, series } from './promql.ts';
import type { Matchers, Query } from './promql.ts';
import type { RecordingRule } from './rule.ts';

/** Where requests are counted: as users meet them, and as the service does. */
export type Place = 'edge' | 'server';

/** Which route is which operation's: 1 for each route. */
export const ROUTE_INFO = 'edge:operation_route:info';

export const EVENTS = 'slo:sli_events:rate5m';
export const ERRORS = 'slo:sli_errors:rate5m';

/** Operations of a service that have to answer within the same bound. */
export interface LatencyClass {
  readonly boundSeconds: number;
  readonly operations: readonly string[];
}

/** Services behind the edge, whose operations have objectives. */
export function servicesWithOperations(graph: PlatformGraph): readonly ServiceNode[] {
  return graph.services.filter(
    ({ exposure, contract }) => exposure !== 'edge' && contract !== null,
  );
}

/** How the edge exposes an operation. */
export function routesOf({ routes, webhooks }: MethodNode) {
  return [...routes, ...webhooks];
}

/** The operations of a service by the bound of their latency; at the edge only those that it exposes. */
export function latencyClasses(service: ServiceNode, place: Place): readonly LatencyClass[] {
  const methods = service.methods.filter(
    (method) => place === 'server' || routesOf(method).length > 0,
  );
  const byBound = Map.groupBy(
    methods,
    (method) => operationObjectives(service.objectives, method).latencyP99Ms,
  );
  return [...byBound]
    .toSorted(([one], [other]) => one - other)
    .map(([milliseconds, members]) => ({
      boundSeconds: milliseconds / 1_000,
      operations: members.map(({ name }) => name),
    }));
}

/** Which operation a route of the edge belongs to. */
export function routeRules(graph: PlatformGraph): readonly RecordingRule[] {
  return servicesWithOperations(graph).flatMap((service) =>
    service.methods.flatMap((method) =>
      routesOf(method).map(({ verb, path }) => ({
        record: ROUTE_INFO,
        query: promql`vector(1)`,
        labels: {
          http_request_method: verb,
          http_route: path,
          service: service.name,
          operation: method.name,
        },
      })),
    ),
  );
}

/** Events and errors of each operation with somebody who waits, at the edge and at the server. */
export function requestRules(graph: PlatformGraph): readonly RecordingRule[] {
  return servicesWithOperations(graph).flatMap((service) =>
    (['edge', 'server'] as const).flatMap((place) =>
      latencyClasses(service, place).length === 0
        ? []
        : [...availabilityRules(service, place), ...latencyRules(service, place)],
    ),
  );
}

function availabilityRules(service: ServiceNode, place: Place): readonly RecordingRule[] {
  const { status, counted, failed } = ELIGIBLE[place];
  const labels = { service: service.name, slo: 'availability', at: place };
  const events = byOperation(service, place, { [status]: counted }, '_count');
  const failures = byOperation(service, place, { [status]: failed }, '_count');
  return [
    { record: EVENTS, query: events, labels },
    { record: ERRORS, query: orZero(failures, labels), labels },
  ];
}

/** One rule for all bounds: their operations are different series. */
function latencyRules(service: ServiceNode, place: Place): readonly RecordingRule[] {
  const { status, good } = ELIGIBLE[place];
  const labels = { service: service.name, slo: 'latency', at: place };
  const matchers = { [status]: good, ...NOT_WAITED };
  const all = byOperation(service, place, matchers, '_count');
  const slow = latencyClasses(service, place).map(({ boundSeconds, operations }) => {
    const bound = { ...matchers, le: boundValues(boundSeconds) };
    const ofBound = byOperation(service, place, matchers, '_count', operations);
    return promql`(${ofBound} - ${byOperation(service, place, bound, '_bucket', operations)})`;
  });
  return [
    { record: EVENTS, query: all, labels },
    { record: ERRORS, query: anyOf(slow), labels },
  ];
}

/** Prometheus 3 writes a whole bound with its decimal, and what is sent to it by remote write without. */
function boundValues(seconds: number): readonly string[] {
  return Number.isInteger(seconds) ? [String(seconds), `${seconds}\\.0`] : [String(seconds)];
}

/** Without a failure there is no series of failures, which is 0 as long as there are events. */
function orZero(failures: Query, labels: Readonly<Record<string, string>>): Query {
  return promql`${failures} or max by (operation) (${recorded(EVENTS, labels)}) * 0`;
}

/** Requests a second by operation; of all of the service's, or of some. */
export function byOperation(
  service: ServiceNode,
  place: Place,
  matchers: Matchers,
  suffix: '_bucket' | '_count',
  operations?: readonly string[],
  window = BASE_WINDOW,
): Query {
  if (place === 'edge') {
    const rate = promql`rate(${series(METRIC_REGISTRY.httpServerRequestDuration, matchers, suffix)}[${window}])`;
    const of = {
      service: service.name,
      ...(operations === undefined ? {} : { operation: operations }),
    };
    return promql`sum by (operation) (${rate} * on (http_request_method, http_route) group_left (operation) ${recorded(ROUTE_INFO, of)})`;
  }
  const contract = service.contract ?? '';
  const methods = {
    rpc_method:
      operations === undefined
        ? { pattern: `${contract}/.+` }
        : operations.map((name) => `${contract}/${name}`),
  };
  const own = series(
    METRIC_REGISTRY.rpcServerCallDuration,
    { job: service.name, ...methods, ...matchers },
    suffix,
  );
  return promql`sum by (operation) (label_replace(rate(${own}[${window}]), "operation", "$1", "rpc_method", ".*/(.*)"))`;
}
