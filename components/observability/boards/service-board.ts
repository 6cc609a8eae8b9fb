import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { ALERT } from '../rules/alert.ts';
import { BUDGET_REMAINING } from '../rules/budget.ts';
import { servicesWithEvents } from '../rules/dependencies.ts';
import { servicesWithOperations } from '../rules/request-events.ts';
import { promql, recorded, series, sumBy, UP } from '../rules/promql.ts';
import type { Board, BoardLine, BoardPanel, BoardRow } from './board.ts';
import { durationBuckets, quantileLines, rateOf, servedRequests } from './board-queries.ts';
import { consumerPanels, publisherPanels } from './event-panels.ts';

/** The uid of the board of a service. */
export function serviceBoardUid(service: string): string {
  return `meridian-service-${service}`;
}

/** Rate, errors, duration and saturation of a service, what it depends on, and its last words. */
export function serviceBoard(graph: PlatformGraph, service: ServiceNode): Board {
  const { name, summary } = service;
  const events = [
    ...publisherPanels(servicesWithEvents(graph, 'publishers').includes(service) ? [name] : []),
    ...consumerPanels(servicesWithEvents(graph, 'consumers').includes(service) ? [name] : []),
  ];
  return {
    uid: serviceBoardUid(name),
    title: `Service ${name}`,
    description: `What users of ${name} feel, and what it waits for. ${summary}`,
    rows: [
      ...(isServer(service) ? [{ title: 'Requests', panels: requestPanels(service) }] : []),
      { title: 'Promises', panels: promisePanels(graph, service) },
      { title: 'Saturation', panels: saturationPanels(service) },
      ...dependencyRows(graph, service),
      ...(events.length === 0 ? [] : [{ title: 'Events', panels: events }]),
      { title: 'Lines and traces', panels: lastWords(service) },
    ],
  };
}

function isServer({ exposure, contract }: ServiceNode): boolean {
  return exposure === 'edge' || contract !== null;
}

function requestPanels(service: ServiceNode): readonly BoardPanel[] {
  const requests = servedRequests(service);
  const { duration, operation, status, failed } = requests;
  const of = { job: service.name };
  const count = rateOf(series(duration, of, '_count'));
  const errors = rateOf(series(duration, { ...of, ...failed }, '_count'));
  return [
    {
      kind: 'lines',
      title: 'Rate',
      description: 'Requests a second, by operation',
      unit: 'rate',
      lines: [{ query: sumBy([operation], count), legend: `{{${operation}}}` }],
    },
    {
      kind: 'lines',
      title: 'Errors',
      description: 'Errors of the server a second, by status',
      unit: 'rate',
      lines: [{ query: sumBy([status], errors), legend: `{{${status}}}` }],
    },
    {
      kind: 'lines',
      title: 'Duration',
      description: 'How long answers took that were not let wait for a change',
      unit: 'seconds',
      limit: service.objectives.latencyP99Ms / 1_000,
      lines: quantileLines(durationBuckets(requests, of)),
    },
  ];
}

function promisePanels(graph: PlatformGraph, { name }: ServiceNode): readonly BoardPanel[] {
  const promises = servicesWithOperations(graph).some((service) => service.name === name);
  return [
    ...(promises
      ? [
          {
            kind: 'numbers' as const,
            title: 'Budget left',
            description:
              'Of what may fail in 30 days, by what was promised and where it is counted',
            unit: 'share' as const,
            lines: [
              {
                query: promql`min by (slo, at) (${recorded(BUDGET_REMAINING, { service: name })})`,
                legend: '{{slo}} at {{at}}',
              },
            ],
          },
        ]
      : []),
    {
      kind: 'lines',
      title: 'Alerts',
      description: '1 where an alert fires, 0 where it does not, absent where nobody can tell',
      unit: 'count',
      lines: [
        {
          query: promql`max by (alert) (${recorded(ALERT, { service: name })})`,
          legend: '{{alert}}',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Replicas seen',
      description: 'Replicas that answer the collector, by zone',
      unit: 'count',
      lines: [{ query: promql`sum by (zone) (${series(UP, { job: name })})`, legend: '{{zone}}' }],
    },
  ];
}

function saturationPanels({ name, scale, limits }: ServiceNode): readonly BoardPanel[] {
  const of = { job: name };
  return [
    {
      kind: 'lines',
      title: 'Queue',
      description:
        'Requests that wait, of the fullest replica; more replicas are started beyond the line',
      unit: 'count',
      limit: scale.targetQueueDepth,
      lines: [
        { query: promql`max(${series(METRIC_REGISTRY.requestQueueDepth, of)})`, legend: 'waiting' },
      ],
    },
    {
      kind: 'lines',
      title: 'At work',
      description: 'Requests that are worked on, of the fullest replica; beyond the line they wait',
      unit: 'count',
      limit: limits.concurrency,
      lines: [
        { query: promql`max(${series(METRIC_REGISTRY.requestsActive, of)})`, legend: 'active' },
      ],
    },
    {
      kind: 'lines',
      title: 'Shed and failed behind the scenes',
      description:
        'Requests a second that were refused for want of room, and work in the background that failed',
      unit: 'rate',
      lines: [
        { query: promql`sum(${rateOf(series(METRIC_REGISTRY.requestsShed, of))})`, legend: 'shed' },
        {
          query: promql`sum by (task) (${rateOf(series(METRIC_REGISTRY.backgroundFailures, of))})`,
          legend: '{{task}}',
        },
      ],
    },
  ];
}

function dependencyRows(graph: PlatformGraph, { name, stores }: ServiceNode): readonly BoardRow[] {
  const of = { job: name };
  const calls = rateOf(series(METRIC_REGISTRY.rpcClientCallDuration, of, '_bucket'));
  const databases = rateOf(series(METRIC_REGISTRY.dbClientOperationDuration, of, '_bucket'));
  const panels: readonly BoardPanel[] = [
    ...(graph.calls.some(({ from }) => from === name)
      ? [
          lines('Calls', 'p99 of what it calls, as it sees it', {
            query: promql`histogram_quantile(0.99, sum by (le, rpc_method) (${calls}))`,
            legend: '{{rpc_method}}',
          }),
        ]
      : []),
    ...(stores.length > 0
      ? [
          lines('Engines', 'p99 of operations of its engines, as it sees them', {
            query: promql`histogram_quantile(0.99, sum by (le, db_system_name, db_operation_name) (${databases}))`,
            legend: '{{db_system_name}} {{db_operation_name}}',
          }),
        ]
      : []),
  ];
  return panels.length === 0 ? [] : [{ title: 'What it waits for', panels }];
}

function lines(title: string, description: string, line: BoardLine): BoardPanel {
  return {
    ...{ kind: 'lines', title, description, unit: 'seconds' },
    lines: [{ ...line, exemplars: true }],
  };
}

function lastWords({ name, objectives }: ServiceNode): readonly BoardPanel[] {
  return [
    {
      kind: 'logs',
      title: 'Warnings and errors',
      description: 'A line of a request leads to its trace',
      query: { services: [name], least: 'warn' },
    },
    {
      kind: 'traces',
      title: 'Slow traces',
      description: 'With a span of it that took longer than 99 of 100 may',
      query: { service: name, longerThanMs: objectives.latencyP99Ms },
    },
    {
      kind: 'traces',
      title: 'Failed traces',
      description: 'With a span of it that failed',
      query: { service: name, failed: true },
    },
  ];
}
