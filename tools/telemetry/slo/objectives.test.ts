import { describe, expect, test } from '@jest/globals';
import { RULE_LABELS } from '@meridian/components/observability/rules/promql.ts';
import type { Sample } from '../stores/prometheus.ts';
import { objectiveStates } from './objectives.ts';

const of = (operation: string) => ({
  ...{ service: 'catalog', operation, slo: 'availability', at: 'edge' },
});

/** What Prometheus has recorded, by query. */
const RECORDED: Readonly<Record<string, readonly Sample[]>> = {
  'slo:error_budget:ratio': ['Calm', 'Hot', 'Silent'].map((name) => ({
    labels: of(name),
    value: 0.001,
  })),
  'slo:period_error_budget_remaining:ratio': [
    { labels: of('Calm'), value: 0.99 },
    { labels: of('Hot'), value: -0.5 },
    { labels: of('Silent'), value: Number.NaN },
  ],
  'slo:current_burn_rate:ratio': [
    { labels: of('Calm'), value: 0.1 },
    { labels: of('Hot'), value: 20 },
  ],
  'slo:burning_page:is_1 == 1': [{ labels: of('Hot'), value: 1 }],
  'service:alert:is_1 == 1': [
    { labels: { alert: 'BudgetBurns', service: 'catalog', severity: 'page' }, value: 1 },
  ],
};

describe('objectives as the rules have recorded them', () => {
  test('tell what burns first, and nothing of what nobody asked for', async () => {
    const states = await objectiveStates({
      instant: (query) => Promise.resolve(RECORDED[query] ?? []),
    });
    expect(
      states.objectives.map(({ operation, remaining, burnRate, burning }) => [
        operation,
        remaining,
        burnRate,
        burning,
      ]),
    ).toEqual([
      ['Hot', -0.5, 20, 'page'],
      ['Calm', 0.99, 0.1, null],
      ['Silent', null, null, null],
    ]);
    expect(states.alerts).toEqual([{ alert: 'BudgetBurns', service: 'catalog', severity: 'page' }]);
  });

  test('of one operation are told apart by where they are counted', async () => {
    const counted = (at: string, value: number) => ({
      labels: { ...of('GetProduct'), at },
      value,
    });
    const burn = [counted('edge', 3), counted('server', 2)];
    const recorded: Readonly<Record<string, readonly Sample[]>> = {
      'slo:error_budget:ratio': [counted('edge', 0.01), counted('server', 0.01)],
      'slo:current_burn_rate:ratio': burn,
    };
    const { objectives } = await objectiveStates({
      instant: (query) => Promise.resolve(recorded[query] ?? []),
    });
    expect(objectives.map(({ place, burnRate }) => [place, burnRate])).toEqual([
      ['edge', 3],
      ['server', 2],
    ]);
  });

  test('have the labels that the rules give them', () => {
    expect(RULE_LABELS).toEqual(expect.arrayContaining(Object.keys(of('any'))));
  });
});
