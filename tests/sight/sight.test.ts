import { beforeAll, describe, expect, test } from '@jest/globals';
import { beyondBudget } from '@meridian/components/observability/telemetry-budget.ts';
import { describeByPromtool, findPromtool } from '../engines/promtool.ts';
import type { Answers } from './ask-prometheus.ts';
import { notRecorded, recordedSeries } from './recorded-series.ts';
import { answersTo, blinded, consumers, mutants, neverEmitted, series } from './sight.ts';
import { unknownNames } from './unknown-names.ts';

const promtool = findPromtool();

const SHED = "panel 'Shed and failed behind the scenes' (shed) of 'Service catalog'";
const ERRORS = 'canary errors of a release of gateway';
const LATENCY = 'canary latency of a release of gateway';

/** What is taken away, and who of those who are asked here says so: some of each kind of consumer of metrics. */
const CASES: readonly (readonly [mutant: string, blind: readonly string[]])[] = [
  ['audit_gaps is gone', ['alert AuditGaps of audit', 'alert AlertBlind of audit']],
  [
    'label outcome of consumer_events_total has another name',
    ['alert DeadLetters of audit', 'alert AlertBlind of audit'],
  ],
  ['outbox_oldest_unpublished_age_seconds has another name', ['alert OutboxStuck of catalog']],
  ['request_queue_depth is gone', ['scaler queue of catalog']],
  ['requests_shed_total has another name', [SHED]],
  ['http_server_request_duration_seconds has another name', [ERRORS, LATENCY]],
  [
    'label http_response_status_code of http_server_request_duration_seconds has another name',
    [ERRORS],
  ],
  [
    'label rollouts_pod_template_hash of http_server_request_duration_seconds has another name',
    [ERRORS, LATENCY],
  ],
  ['label le of http_server_request_duration_seconds has another name', [LATENCY]],
  ['label job of request_queue_depth has another name', ['scaler queue of catalog']],
];

describe('what was recorded of a running platform', () => {
  test('has every metric and every label that an alert, a panel, an analysis or a scaler reads', () => {
    expect(consumers.length).toBeGreaterThan(200);
    expect(neverEmitted()).toEqual(notRecorded());
  });

  test('has no metric and no label that the registry does not know', () => {
    expect(unknownNames(recordedSeries())).toEqual([]);
  });

  test('is within the budget of telemetry', () => {
    const all = series.map(({ name, labels }) => ({ ...labels, __name__: name }));
    expect(beyondBudget(all)).toEqual([]);
  });

  test('is taken apart in more than forty ways', () => {
    expect(mutants.length).toBeGreaterThan(40);
  });
});

describeByPromtool('whoever goes blind says so', () => {
  const named = new Set(CASES.flatMap(([, blind]) => blind));
  const asked = consumers.filter(({ name }) => named.has(name));
  let before: Answers;

  beforeAll(async () => {
    before = await answersTo(promtool ?? '', asked);
  });

  test('all of whom see something at first', () => {
    expect([...before.keys()].toSorted()).toEqual([...named].toSorted());
  });

  test.each(CASES)('where %s: %j', async (mutant, blind) => {
    const said = await blinded(promtool ?? '', mutantNamed(mutant), before, asked);
    expect(said.toSorted()).toEqual(blind.toSorted());
  });
});

function mutantNamed(name: string) {
  const found = mutants.find((mutant) => mutant.name === name);
  if (found === undefined) throw new Error(`There is no mutant '${name}'`);
  return found;
}
