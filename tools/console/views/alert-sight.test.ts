import { expect, test } from '@jest/globals';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { generatedSources } from '../testing/generated-sources.ts';
import { sampleGraph as graph } from '../testing/sample-graph.ts';
import { ALERT_VALUE } from '@meridian/components/observability/rules/alert.ts';
import type { MetricSource } from '../server/sources.ts';
import { alertsView, watchedAlerts } from './alert-sight.ts';
import type { AlertRecords } from './alert-sight.ts';

const nowMs = Date.UTC(2026, 2, 1, 12);
const rules = platformRules(graph, { certificateLifetimeSeconds: 3_600 });
const alerts = watchedAlerts(rules);
const { metrics } = generatedSources({ graph, nowMs, alerts });
const records: AlertRecords = {
  drills: () =>
    Promise.resolve([
      {
        ...{ alert: 'OutboxStuck', service: 'catalog', fault: 'stuck-outbox' },
        ...{ outcome: 'failed', atMs: nowMs - 60_000 },
      },
    ]),
  build: () => Promise.resolve({ words: 'joining, 1 min', isOver: false }),
};

test('each alert of each service says how it is, how far from its limit, and how old what it reads', async () => {
  const view = await alertsView(alerts, { metrics, records }, nowMs);
  expect(view.alerts).toHaveLength(rules.alerts.flatMap(({ of }) => of).length);
  const states = Map.groupBy(view.alerts, ({ state }) => state);
  expect([...states.keys()].toSorted()).toEqual(['blind', 'firing', 'quiet']);
  for (const alert of states.get('blind') ?? []) expect(alert.distance).toBeNull();
  for (const { reads } of view.alerts) {
    expect(reads.length).toBeGreaterThan(0);
    for (const { age } of reads) expect(age.value).toBe(7);
  }
});

test('its last drill is told, and a build of engines that goes on', async () => {
  const view = await alertsView(alerts, { metrics, records }, nowMs);
  const drilled = view.alerts.filter(({ drill }) => drill !== null);
  expect(drilled).toMatchObject([
    {
      name: 'OutboxStuck',
      service: 'catalog',
      drill: { fault: 'stuck-outbox', outcome: 'failed' },
    },
  ]);
  expect(view.build).toEqual({ words: 'joining, 1 min', isOver: false });
});

test('one that fires below its limit comes nearer as its value falls', async () => {
  const certificates = alerts.filter(({ name }) => name === 'CertificateExpires');
  const sources = generatedSources({ graph, nowMs, alerts: certificates });
  const [quiet, , , firing] = (
    await alertsView(certificates, { metrics: sources.metrics, records }, nowMs)
  ).alerts;
  expect(quiet).toMatchObject({ state: 'quiet', distance: expect.closeTo(1 / 3) });
  expect(firing).toMatchObject({ state: 'firing', distance: 1 });
});

test('while the store is away nothing is known, which is not blindness', async () => {
  const away = generatedSources({ graph, nowMs, alerts, away: ['metrics'] });
  const view = await alertsView(alerts, { metrics: away.metrics, records }, nowMs);
  expect(new Set(view.alerts.map(({ state }) => state))).toEqual(new Set(['unknown']));
});

/** The same store, whose rules have recorded these values of an alert. */
const recording = (alert: string, service: string, values: readonly number[]): MetricSource => ({
  ...metrics,
  now: async (query) =>
    query === ALERT_VALUE
      ? values.map((value) => ({ labels: { alert, service }, value }))
      : await metrics.now(query),
});

test('an operation that nobody asked for hides no other: its ratio is not a number', async () => {
  const store = recording('LatencyBurnsFast', 'gateway', [Number.NaN, 7.2, Number.NaN]);
  const view = await alertsView(alerts, { metrics: store, records }, nowMs);
  const found = view.alerts.find(
    ({ name, service }) => name === 'LatencyBurnsFast' && service === 'gateway',
  );
  expect(found).toMatchObject({ value: { value: 7.2 }, distance: expect.closeTo(7.2 / 6) });
});

test.each([
  ['at its limit', 0],
  ['below it', 1],
])('a count that must not sink, %s, is %d of the way', async (_name, distance) => {
  const [unseen] = alerts.filter(({ isBelow, unit }) => isBelow && unit === 'count');
  const { name = '', service = '', limit = 0 } = unseen ?? {};
  expect(limit).toBeGreaterThan(0);
  const store = recording(name, service, [limit - distance]);
  const view = await alertsView(alerts, { metrics: store, records }, nowMs);
  const found = view.alerts.find((each) => each.name === name && each.service === service);
  expect(found?.distance).toBe(distance);
});
