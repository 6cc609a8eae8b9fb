import { edgeService } from '../../model/call-order.ts';
import type { Severity } from '../../model/alert.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { ALERT, heldFor, unlessCaused } from './alert.ts';
import type { Alert } from './alert.ts';
import { asLongAsRemembered, burning, CAUSE_LINGERS, explained } from './causes.ts';
import { NOT_WAITED } from './eligible-requests.ts';
import { minutes, promql, recorded } from './promql.ts';
import type { Query } from './promql.ts';
import { byOperation, latencyClasses, servicesWithOperations } from './request-events.ts';
import type { RecordingRule } from './rule.ts';

/** The design document's own: over 1 % of the requests at the edge took more than 200 ms, for 5 minutes. */
export const BOUND_SECONDS = 0.2;
export const SLOW_SHARE_LIMIT = 0.01;
const FOR = minutes(5);

export const API_LATENCY = 'ApiLatency';
/** Requests at the edge a second, the slow ones of them, by service and operation, and their share of all. */
export const EDGE_REQUESTS = 'edge:requests:rate1m';
export const EDGE_SLOW = 'edge:slow_requests:rate1m';
export const EDGE_SLOW_SHARE = 'edge:slow_requests:ratio_rate1m';

/** 1 where quick operations of a service are slow at the edge, and nothing explains it. */
export const SLOW_SERVICE = 'service:slow_at_edge:is_1';

/** The same, while so many requests are that the page is about to be sent; and while it is. */
const PENDING_SERVICE = 'service:slow_at_edge_pending:is_1';
const PAGED_SERVICE = 'service:slow_at_edge_paged:is_1';

/** Operations that declare no slower objective. */
function quickOperations(service: ServiceNode): readonly string[] {
  return latencyClasses(service, 'edge')
    .filter(({ boundSeconds }) => boundSeconds <= BOUND_SECONDS)
    .flatMap(({ operations }) => operations)
    .toSorted();
}

/** Services with an operation that declares no slower objective. */
export function quickServices(graph: PlatformGraph): readonly ServiceNode[] {
  return servicesWithOperations(graph).filter((service) => quickOperations(service).length > 0);
}

/** Requests at the edge and the slow ones of them, in the last minute. */
export function edgeLatencyRules(graph: PlatformGraph): readonly RecordingRule[] {
  const services = quickServices(graph);
  const each = services.flatMap((service) => {
    const labels = { service: service.name };
    const operations = quickOperations(service);
    const count = (suffix: '_count' | '_bucket', le: Readonly<Record<string, string>>) =>
      byOperation(service, 'edge', { ...NOT_WAITED, ...le }, suffix, operations, minutes(1));
    const all = count('_count', {});
    return [
      { record: EDGE_REQUESTS, query: all, labels },
      {
        record: EDGE_SLOW,
        query: promql`${all} - ${count('_bucket', { le: String(BOUND_SECONDS) })}`,
        labels,
      },
    ];
  });
  const share = promql`sum(${recorded(EDGE_SLOW)}) / sum(${recorded(EDGE_REQUESTS)})`;
  return each.length === 0
    ? []
    : [...each, { record: EDGE_SLOW_SHARE, query: share }, ...services.map(slowService)];
}

/** The alert, unless each service that is slow is so for a reason that has an alert of its own. */
export function edgeLatencyAlerts(graph: PlatformGraph): readonly Alert[] {
  const services = quickServices(graph);
  if (services.length === 0) return [];
  const edge = edgeService(graph);
  const share = recorded(EDGE_SLOW_SHARE);
  const held = promql`(${heldFor(promql`${share} > ${SLOW_SHARE_LIMIT}`, FOR)}) or ${share} * 0`;
  return [
    {
      name: API_LATENCY,
      feels: 'Users wait: more than one request in a hundred takes longer than 200 ms',
      severity: 'page',
      runbook: 'api-latency',
      unit: 'percent',
      limit: '1 % of the requests over 200 ms, for 5 minutes',
      of: [
        {
          service: edge.name,
          owner: edge.owner,
          value: promql`sum by (operation) (${recorded(EDGE_SLOW)}) / sum by (operation) (${recorded(EDGE_REQUESTS)})`,
          limit: SLOW_SHARE_LIMIT,
          firing: promql`(${held}) * max(${recorded(SLOW_SERVICE)})`,
        },
      ],
    },
  ];
}

function slowService({ name }: ServiceNode): RecordingRule {
  const of = { service: name };
  const slow = promql`(sum(${recorded(EDGE_SLOW, of)}) / sum(${recorded(EDGE_REQUESTS, of)})) > bool ${SLOW_SHARE_LIMIT}`;
  const causes = [explained(name, 'page'), ...burning([name], 'page', 'availability')];
  return { record: SLOW_SERVICE, query: unlessCaused(slow, causes), labels: of };
}

/** For which services the page is sent, once that is decided. */
export function slowServiceRules(graph: PlatformGraph): readonly RecordingRule[] {
  const page = recorded(ALERT, { alert: API_LATENCY });
  return quickServices(graph).length === 0
    ? []
    : [
        {
          record: PENDING_SERVICE,
          query: promql`${recorded(SLOW_SERVICE)} * on () group_left () (${recorded(EDGE_SLOW_SHARE)} > bool ${SLOW_SHARE_LIMIT})`,
        },
        {
          record: PAGED_SERVICE,
          query: promql`${recorded(SLOW_SERVICE)} * on () group_left () max(${page})`,
        },
      ];
}

/** That a service is slow at the edge, for which the edge's page is about to be sent or was sent lately. */
export function slowAtEdge(
  graph: PlatformGraph,
  service: ServiceNode,
  severity: Severity,
): readonly Query[] {
  if (!quickServices(graph).includes(service)) return [];
  const of = { service: service.name };
  return [
    recorded(PENDING_SERVICE, of),
    severity === 'page'
      ? promql`max_over_time(${recorded(PAGED_SERVICE, of)}[${CAUSE_LINGERS}])`
      : asLongAsRemembered(recorded(PAGED_SERVICE, of), severity),
  ];
}
