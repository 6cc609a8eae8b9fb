import { describe, expect, test } from '@jest/globals';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { prometheusRuleGroups } from '@meridian/components/observability/rules/prometheus-rules.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { graph } from '../../../tests/charts/lowered-staging.ts';
import { ruleChanges } from './rule-changes.ts';

/** A page on what fails of a service, by two records on the way. */
const rules = ({ most = 1, least = 3, page = '== 1', record = 'slo:burning:is_1' } = {}) => ({
  groups: [
    {
      name: 'a',
      rules: [
        { record: 'a:errors:rate', expr: 'sum by (service) (rate(errors[5m]))' },
        {
          record,
          expr: `clamp_max(a:errors:rate > bool ${least}, ${most})`,
          labels: { service: 'orders' },
        },
        {
          record: 'service:alert:is_1',
          expr: 'max(slo:burning:is_1{service="orders"})',
          labels: { alert: 'Burns', service: 'orders', severity: 'page' },
        },
        {
          alert: 'Burns',
          expr: `max(service:alert:is_1{alert="Burns"}) ${page}`,
          labels: { severity: 'critical' },
        },
        { record: 'board:errors:ratio', expr: 'a:errors:rate / 2' },
      ],
    },
  ],
});

const told = (head: object) =>
  ruleChanges(rules(), head).map(({ kind, subject = '' }) => [kind, subject]);

describe('what another rule file does to who is told', () => {
  test.each([
    ['a record that is never 1', rules({ most: 0 }), [['page-blind', 'Burns of orders']]],
    [
      'a record under another name',
      rules({ record: 'slo:burns:is_1' }),
      [
        ['page-blind', 'Burns of orders'],
        ['unknown-change', 'records of orders'],
      ],
    ],
    ['an alert that asks for more than 1', rules({ page: '> 1' }), [['page-blind', 'Burns']]],
    ['a threshold that is higher', rules({ least: 30 }), [['alert-loosened', 'records of orders']]],
    ['nothing at all', rules(), []],
  ])('%s', (_what, head, kinds) => {
    expect(told(head).filter(([kind]) => kind !== 'alert-changed')).toEqual(kinds);
  });

  test('names the pages that are made of a record, and what differs', () => {
    expect(ruleChanges(rules(), rules({ least: 30 }))).toMatchObject([
      {
        property: 'slo:burning:is_1',
        before: expect.stringContaining('bool 3,') as unknown,
        after: expect.stringContaining('bool 30,') as unknown,
        consequence: 'pages are made of it, Burns: they may fire later, or never',
      },
    ]);
  });

  test('is nothing that wakes anybody where only a board reads it', () => {
    const text = JSON.stringify(rules()).replace('a:errors:rate / 2', 'a:errors:rate / 3');
    expect(ruleChanges(rules(), JSON.parse(text))).toMatchObject([{ kind: 'alert-changed' }]);
  });

  test('is said again of nothing that was blind before', () => {
    expect(ruleChanges(rules({ most: 0 }), rules({ most: 0, least: 4 }))).toMatchObject([
      { kind: 'alert-loosened' },
    ]);
  });
});

describe('rules that follow from what is declared', () => {
  const promised = {
    ...graph,
    services: graph.services.map((service) =>
      service.name === 'payments'
        ? { ...service, objectives: { ...service.objectives, latencyP99Ms: 900 } }
        : service,
    ),
  } as LandedGraph;
  const [before, after] = [graph, promised].map((of) => ({
    groups: prometheusRuleGroups(platformRules(of, { certificateLifetimeSeconds: 3_600 })),
  }));

  const kindsBy = (head: LandedGraph) =>
    ruleChanges(before, after, { base: graph, head }).map(({ kind }) => kind);

  test('are told of that', () => {
    expect(kindsBy(promised)).not.toContain('alert-loosened');
  });

  test('and that nobody declares are a check', () => {
    expect(kindsBy(graph)).toContain('alert-loosened');
  });
});
