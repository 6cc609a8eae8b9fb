import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { ALERT } from '../rules/alert.ts';
import { BUDGET_REMAINING } from '../rules/budget.ts';
import { promql, recorded, series, sumBy, UP } from '../rules/promql.ts';
import type { Board, BoardLine, BoardPanel } from './board.ts';
import { durationBuckets, rateOf, servedRequests } from './board-queries.ts';

/** Whether each zone carries its share, and the platform would miss one. */
export function zonesBoard(graph: PlatformGraph): Board {
  return {
    uid: 'meridian-zones',
    title: `The platform in ${graph.zones.length} zones`,
    description: 'Does each zone carry its share, and what would be missed if one went?',
    rows: [
      { title: 'What is there', panels: presence(graph) },
      { title: 'What it does', panels: work(graph) },
      { title: 'What was promised', panels: promises() },
    ],
  };
}

function presence(graph: PlatformGraph): readonly BoardPanel[] {
  return [
    {
      kind: 'lines',
      title: 'Replicas seen',
      description: 'Replicas of services and engines that answer the collector, by zone',
      unit: 'count',
      lines: [{ query: sumBy(['zone'], series(UP)), legend: '{{zone}}' }],
    },
    {
      kind: 'numbers',
      title: 'Fewest zones',
      description: 'In how many zones each service is seen; one in a single zone goes with it',
      unit: 'count',
      limit: 2,
      leadsToService: true,
      lines: [
        {
          query: promql`count by (job) (count by (job, zone) (${series(UP, { job: serviceNames(graph) })} == 1))`,
          legend: '{{job}}',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Alerts that fire',
      description: 'By service, or by the engine that is away',
      unit: 'count',
      leadsToService: true,
      lines: [
        {
          query: promql`${sumBy(['service', 'severity'], recorded(ALERT))} > 0`,
          legend: '{{service}} {{severity}}',
        },
      ],
    },
  ];
}

function work(graph: PlatformGraph): readonly BoardPanel[] {
  const edge = edgeService(graph);
  const { duration, failed } = servedRequests(edge);
  const atEdge = { job: edge.name };
  const inner = graph.services.filter(({ name }) => name !== edge.name).map(({ name }) => name);
  const rpcs = METRIC_REGISTRY.rpcServerCallDuration;
  return [
    {
      kind: 'lines',
      title: 'Requests at the edge',
      description: 'Requests a second, by zone',
      unit: 'rate',
      lines: [
        {
          query: sumBy(['zone'], rateOf(series(duration, atEdge, '_count'))),
          legend: '{{zone}}',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Errors at the edge',
      description: 'Errors of the server a second, by zone',
      unit: 'rate',
      lines: [
        {
          query: sumBy(['zone'], rateOf(series(duration, { ...atEdge, ...failed }, '_count'))),
          legend: '{{zone}}',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Duration at the edge',
      description: 'p99, by zone',
      unit: 'seconds',
      lines: [p99ByZone(edge)],
    },
    {
      kind: 'lines',
      title: 'Calls between services',
      description: 'Calls a second, by the zone that answers',
      unit: 'rate',
      lines: [
        {
          query: sumBy(['zone'], rateOf(series(rpcs, { job: inner }, '_count'))),
          legend: '{{zone}}',
        },
      ],
    },
  ];
}

function promises(): readonly BoardPanel[] {
  return [
    {
      kind: 'numbers',
      title: 'Budget left',
      description: 'The least of each service, of what may fail in 30 days',
      unit: 'share',
      leadsToService: true,
      lines: [
        {
          query: promql`min by (service) (${recorded(BUDGET_REMAINING)})`,
          legend: '{{service}}',
        },
      ],
    },
  ];
}

function p99ByZone(edge: ServiceNode): BoardLine {
  const buckets = durationBuckets(servedRequests(edge), { job: edge.name });
  return {
    query: promql`histogram_quantile(0.99, ${sumBy(['le', 'zone'], buckets)})`,
    legend: '{{zone}}',
    exemplars: true,
  };
}

function serviceNames({ services }: PlatformGraph): readonly string[] {
  return services.map(({ name }) => name);
}
