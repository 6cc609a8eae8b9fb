import { beforeAll, describe, expect, test } from '@jest/globals';
import { beyondBudget } from '@meridian/components/observability/telemetry-budget.ts';
import { findPromtool } from '../engines/promtool.ts';
import type { Answers } from './ask-prometheus.ts';
import type { MetricConsumerKind } from './metric-consumers.ts';
import {
  answersTo,
  blinded,
  consumers,
  mutants,
  neverEmitted,
  readersOf,
  series,
  unknownNames,
} from './sight.ts';

const promtool = findPromtool();

/** What is taken away, and who must say so: of each kind of consumer of metrics, with what is quick to evaluate. */
const CASES: readonly (readonly [mutant: string, kind: MetricConsumerKind, blind: string])[] = [
  ['audit_gaps is gone', 'alert', 'alert AuditGaps of audit'],
  [
    'label outcome of consumer_events_total has another name',
    'alert',
    'alert DeadLetters of orders',
  ],
  [
    'outbox_oldest_unpublished_age_seconds has another name',
    'alert',
    'alert AlertBlind of catalog',
  ],
  ['request_queue_depth is gone', 'scaler', 'scaler queue of catalog'],
  [
    'requests_shed_total has another name',
    'panel',
    "panel 'Shed and failed behind the scenes' (shed) of 'Service catalog'",
  ],
];

describe('what was recorded of a running platform', () => {
  test('has every metric and every label that an alert, a panel, an analysis or a scaler reads', () => {
    expect(consumers.length).toBeGreaterThan(200);
    expect(neverEmitted()).toEqual([]);
  });

  test('has no metric and no label that the registry does not know', () => {
    expect(unknownNames()).toEqual([]);
  });

  test('is within the budget of telemetry', () => {
    const all = series.map(({ name, labels }) => ({ ...labels, __name__: name }));
    expect(beyondBudget(all)).toEqual([]);
  });

  test('is taken apart in more than forty ways', () => {
    expect(mutants.length).toBeGreaterThan(40);
  });
});

(promtool === undefined ? describe.skip : describe)(
  `whoever goes blind says so${promtool === undefined ? ' (promtool is not built here)' : ''}`,
  () => {
    let before: Answers;

    beforeAll(async () => {
      const readers = CASES.flatMap(([name]) => readersOf(mutantNamed(name)));
      before = await answersTo(promtool ?? '', [...new Set(readers)]);
    });

    test.each(CASES)('where %s: the %s', async (name, _kind, blind) => {
      const mutant = mutantNamed(name);
      const said = await blinded(promtool ?? '', mutant, before);
      expect(said).toContain(blind);
      expect(mutant.needed.filter((needed) => !said.includes(needed))).toEqual([]);
    });
  },
);

function mutantNamed(name: string) {
  const found = mutants.find((mutant) => mutant.name === name);
  if (found === undefined) throw new Error(`There is no mutant '${name}'`);
  return found;
}
