import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { AWAY } from '../rules/causes.ts';
import { enginesInUse } from '../rules/dependencies.ts';
import { promql, recorded, series, sumBy } from '../rules/promql.ts';
import type { Board, BoardPanel } from './board.ts';
import { rateOf } from './board-queries.ts';

/** Whether the engines are there, as the collector and those who use them see it. */
export function enginesBoard(graph: PlatformGraph): Board {
  const engines = enginesInUse(graph);
  return {
    uid: 'meridian-engines',
    title: 'Engines',
    description: 'Are the engines there, and do they answer those who use them?',
    rows: [
      { title: 'There', panels: presence(engines) },
      { title: 'As those who use them see it', panels: answers() },
      { title: 'Lines', panels: lastWords(engines) },
    ],
  };
}

function presence(engines: readonly string[]): readonly BoardPanel[] {
  return [
    {
      kind: 'lines',
      title: 'Away',
      description: '1 for an engine of which nothing answers',
      unit: 'count',
      lines: [{ query: recorded(AWAY, { service: engines }), legend: '{{service}}' }],
    },
    {
      kind: 'lines',
      title: 'Nodes that answer',
      description: 'By engine',
      unit: 'count',
      lines: [
        {
          query: sumBy(['engine'], series(METRIC_REGISTRY.engineUp, { engine: engines })),
          legend: '{{engine}}',
        },
      ],
    },
  ];
}

function answers(): readonly BoardPanel[] {
  const operations = METRIC_REGISTRY.dbClientOperationDuration;
  return [
    {
      kind: 'lines',
      title: 'Duration',
      description: 'p99 of operations',
      unit: 'seconds',
      lines: [
        {
          query: promql`histogram_quantile(0.99, ${sumBy(['le', 'db_system_name'], rateOf(series(operations, {}, '_bucket')))})`,
          legend: '{{db_system_name}}',
          exemplars: true,
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Errors',
      description: 'Operations a second that failed, by the kind of error',
      unit: 'rate',
      lines: [
        {
          query: sumBy(
            ['db_system_name', 'error_type'],
            rateOf(series(operations, { error_type: { pattern: '.+' } }, '_count')),
          ),
          legend: '{{db_system_name}} {{error_type}}',
        },
      ],
    },
  ];
}

function lastWords(engines: readonly string[]): readonly BoardPanel[] {
  return [
    {
      kind: 'logs',
      title: 'Warnings and errors',
      description: 'Of the engines',
      query: { services: engines, least: 'warn' },
    },
  ];
}
