import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { ALERT } from '../rules/alert.ts';
import {
  API_LATENCY,
  BOUND_SECONDS,
  EDGE_REQUESTS,
  EDGE_SLOW,
  EDGE_SLOW_SHARE,
  quickServices,
  SLOW_SERVICE,
  SLOW_SHARE_LIMIT,
} from '../rules/edge-latency.ts';
import { promql, recorded, sumBy } from '../rules/promql.ts';
import type { Board, BoardPanel } from './board.ts';
import { durationBuckets, quantileLines, servedRequests } from './board-queries.ts';

/** The board that the design document has whoever is on call watch; undefined where nothing is quick. */
export function apiLatencyBoard(graph: PlatformGraph): Board | undefined {
  if (quickServices(graph).length === 0) return undefined;
  return {
    uid: 'api-latency',
    title: 'api-latency',
    description: 'Do users wait? Requests at the edge, and which service lets them',
    rows: [
      { title: 'What users feel', panels: userPanels(graph) },
      { title: 'Who lets them wait', panels: servicePanels() },
      { title: 'Lines and traces', panels: lastWords(graph) },
    ],
  };
}

function userPanels(graph: PlatformGraph): readonly BoardPanel[] {
  const edge = edgeService(graph);
  return [
    {
      kind: 'lines',
      title: 'Slow requests',
      description:
        'Share of those over 200 ms, of operations that promise no less; a page beyond the line',
      unit: 'share',
      limit: SLOW_SHARE_LIMIT,
      lines: [{ query: recorded(EDGE_SLOW_SHARE), legend: 'over 200 ms' }],
    },
    {
      kind: 'lines',
      title: 'Duration at the edge',
      description:
        'Of all operations, but what was let wait for a change; its points lead to traces',
      unit: 'seconds',
      limit: BOUND_SECONDS,
      lines: quantileLines(durationBuckets(servedRequests(edge), { job: edge.name })),
    },
    {
      kind: 'lines',
      title: 'The page',
      description: '1 while whoever is on call is paged for it',
      unit: 'count',
      lines: [{ query: recorded(ALERT, { alert: API_LATENCY }), legend: '{{alert}}' }],
    },
  ];
}

function servicePanels(): readonly BoardPanel[] {
  return [
    {
      kind: 'lines',
      title: 'Slow requests by operation',
      description: 'Share of those over 200 ms',
      unit: 'share',
      limit: SLOW_SHARE_LIMIT,
      leadsToService: true,
      lines: [
        {
          query: promql`${sumBy(['service', 'operation'], recorded(EDGE_SLOW))} / ${sumBy(['service', 'operation'], recorded(EDGE_REQUESTS))}`,
          legend: '{{service}} {{operation}}',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Requests by service',
      description: 'Requests a second at the edge',
      unit: 'rate',
      leadsToService: true,
      lines: [{ query: sumBy(['service'], recorded(EDGE_REQUESTS)), legend: '{{service}}' }],
    },
    {
      kind: 'lines',
      title: 'Slow services that nothing explains',
      description:
        '1 for a service that is slow at the edge, for no reason that has an alert of its own',
      unit: 'count',
      leadsToService: true,
      lines: [{ query: recorded(SLOW_SERVICE), legend: '{{service}}' }],
    },
  ];
}

function lastWords(graph: PlatformGraph): readonly BoardPanel[] {
  const { name: service } = edgeService(graph);
  return [
    {
      kind: 'traces',
      title: 'Slow traces',
      description: 'Over 200 ms at the edge',
      query: { service, longerThanMs: BOUND_SECONDS * 1_000 },
    },
    {
      kind: 'logs',
      title: 'Warnings and errors',
      description: 'Of the edge and of every service behind it',
      query: { services: graph.services.map(({ name }) => name), least: 'warn' },
    },
  ];
}
