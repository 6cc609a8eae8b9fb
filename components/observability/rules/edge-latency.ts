import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { ALERT, heldFor, unlessCaused } from './alert.ts';
import type { Alert } from './alert.ts';
import { burning, CAUSE_LINGERS, explained } from './causes.ts';
import { NOT_WAITED } from './eligible-requests.ts';
import { minutes, promql, recorded } from './promql.ts';
import type { Query } from './promql.ts';
import { byOperation, latencyClasses, servicesWithOperations } from './request-events.ts';
import type { RecordingRule } from './rule.ts';

/** The design document's own: over 1 % of the requests at the edge took more than 200 ms, for 5 minutes. */
const BOUND_SECONDS = 0.2;
const SHARE = 0.01;
const FOR = minutes(5);

const NAME = 'ApiLatency';
const REQUESTS = 'edge:requests:rate1m';
const SLOW = 'edge:slow_requests:rate1m';
const SLOW_SHARE = 'edge:slow_requests:ratio_rate1m';

/** 1 where quick operations of a service are slow at the edge, and nothing explains it. */
const SLOW_SERVICE = 'service:slow_at_edge:is_1';

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

function quickServices(graph: PlatformGraph): readonly ServiceNode[] {
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
      { record: REQUESTS, query: all, labels },
      {
        record: SLOW,
        query: promql`${all} - ${count('_bucket', { le: String(BOUND_SECONDS) })}`,
        labels,
      },
    ];
  });
  const share = promql`sum(${recorded(SLOW)}) / sum(${recorded(REQUESTS)})`;
  return each.length === 0
    ? []
    : [...each, { record: SLOW_SHARE, query: share }, ...services.map(slowService)];
}

/** The alert, unless each service that is slow is so for a reason that has an alert of its own. */
export function edgeLatencyAlerts(graph: PlatformGraph): readonly Alert[] {
  const services = quickServices(graph);
  if (services.length === 0) return [];
  const edge = edgeService(graph);
  const share = recorded(SLOW_SHARE);
  const held = promql`(${heldFor(promql`${share} > ${SHARE}`, FOR)}) or ${share} * 0`;
  return [
    {
      name: NAME,
      feels: 'Users wait: more than one request in a hundred takes longer than 200 ms',
      severity: 'page',
      runbook: 'api-latency',
      unit: 'percent',
      limit: '1 % of the requests over 200 ms, for 5 minutes',
      of: [
        {
          service: edge.name,
          owner: edge.owner,
          value: promql`sum by (operation) (${recorded(SLOW)}) / sum by (operation) (${recorded(REQUESTS)})`,
          limit: SHARE,
          firing: promql`(${held}) * max(${recorded(SLOW_SERVICE)})`,
        },
      ],
    },
  ];
}

function slowService({ name }: ServiceNode): RecordingRule {
  const of = { service: name };
  const slow = promql`(sum(${recorded(SLOW, of)}) / sum(${recorded(REQUESTS, of)})) > bool ${SHARE}`;
  const causes = [explained(name, 'page'), ...burning([name], 'page', 'availability')];
  return { record: SLOW_SERVICE, query: unlessCaused(slow, causes), labels: of };
}

/** For which services the page is sent, once that is decided. */
export function slowServiceRules(graph: PlatformGraph): readonly RecordingRule[] {
  const page = recorded(ALERT, { alert: NAME });
  return quickServices(graph).length === 0
    ? []
    : [
        {
          record: PENDING_SERVICE,
          query: promql`${recorded(SLOW_SERVICE)} * on () group_left () (${recorded(SLOW_SHARE)} > bool ${SHARE})`,
        },
        {
          record: PAGED_SERVICE,
          query: promql`${recorded(SLOW_SERVICE)} * on () group_left () max(${page})`,
        },
      ];
}

/** That a service is slow at the edge, for which the edge's page is about to be sent or was sent lately. */
export function slowAtEdge(graph: PlatformGraph, service: ServiceNode): readonly Query[] {
  if (!quickServices(graph).includes(service)) return [];
  const of = { service: service.name };
  return [
    recorded(PENDING_SERVICE, of),
    promql`max_over_time(${recorded(PAGED_SERVICE, of)}[${CAUSE_LINGERS}])`,
  ];
}
