import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { promql, series, sumBy } from '../rules/promql.ts';
import type { BoardPanel } from './board.ts';
import { rateOf } from './board-queries.ts';

/** How events leave some services. */
export function publisherPanels(services: readonly string[]): readonly BoardPanel[] {
  if (services.length === 0) return [];
  const of = { job: services };
  return [
    {
      kind: 'lines',
      title: 'Oldest that is not published',
      description: 'Age of the oldest event in the outbox: some tenths of a second as a rule',
      unit: 'seconds',
      lines: [
        {
          query: promql`max by (job) (${series(METRIC_REGISTRY.outboxOldestAge, of)})`,
          legend: '{{job}}',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Published',
      description: 'Events a second, by topic',
      unit: 'rate',
      lines: [
        {
          query: sumBy(['topic'], rateOf(series(METRIC_REGISTRY.outboxPublished, of))),
          legend: '{{topic}}',
        },
      ],
    },
  ];
}

/** How events arrive at some services. */
export function consumerPanels(services: readonly string[]): readonly BoardPanel[] {
  if (services.length === 0) return [];
  const of = { job: services };
  return [
    {
      kind: 'lines',
      title: 'Oldest that is not handled',
      description: 'Age of the oldest event that waits at a consumer',
      unit: 'seconds',
      lines: [
        {
          query: promql`max by (job, topic) (${series(METRIC_REGISTRY.consumerLagAge, of)})`,
          legend: '{{job}} {{topic}}',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Handled',
      description: 'Events a second, by what came of them',
      unit: 'rate',
      lines: [
        {
          query: sumBy(['job', 'outcome'], rateOf(series(METRIC_REGISTRY.consumedEvents, of))),
          legend: '{{job}} {{outcome}}',
        },
      ],
    },
  ];
}
