import type { Severity } from '@meridian/components/model/alert.ts';
import { ALERT, ALERT_VALUE } from '@meridian/components/observability/rules/alert.ts';
import type { Unit } from '@meridian/components/observability/rules/alert.ts';
import {
  days,
  minutes,
  promql,
  recorded,
  series,
  UP,
} from '@meridian/components/observability/rules/promql.ts';
import type { Query } from '@meridian/components/observability/rules/promql.ts';
import { metricsOf } from '@meridian/components/observability/rules/reads.ts';
import type { PlatformRules } from '@meridian/components/observability/rules/rules.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { MetricSource, Sample } from '../server/sources.ts';
import { text } from '../../telemetry/explain/edge-queries.ts';
import { unlessAway } from './platform.ts';
import type { Told } from '../../telemetry/explain/edge-view.ts';

/** An alert as the console knows it, without its rules: plain, and made once. */
export interface WatchedAlert {
  readonly name: string;
  readonly service: string;
  readonly owner: string;
  readonly severity: Severity;
  readonly feels: string;
  readonly runbook: string;
  readonly unit: Unit;
  readonly limit: number;
  readonly limitText: string;
  /** Whether it fires below its limit. */
  readonly isBelow: boolean;
  /** Metrics that it reads, through whatever is recorded on the way. */
  readonly reads: readonly string[];
}

/** What of an alert's data is how old. */
export interface ReadView {
  readonly metric: string;
  /** Seconds since the newest sample; null where there is none. */
  readonly age: Told;
}

/** An alert with what it sees. */
export interface AlertView extends Omit<WatchedAlert, 'reads'> {
  /** `blind`: nobody can tell whether it should fire. */
  readonly state: 'firing' | 'quiet' | 'blind' | 'unknown';
  readonly value: Told;
  /** How far its value is on the way to the limit, 1 at the limit; null where nothing is known. */
  readonly distance: number | null;
  readonly reads: readonly ReadView[];
  /** Milliseconds since 1970 when it fired last within a week. */
  readonly firedMs: number | null;
  readonly drill: DrillView | null;
  readonly command: string;
}

/** A drill of an alert. */
export interface DrillView {
  readonly fault: string;
  readonly outcome: 'passed' | 'failed';
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** A build of engines of telemetry that goes on, or that came to nothing. */
export interface BuildView {
  readonly words: string;
  readonly isOver: boolean;
}

/** What no store of telemetry tells. */
export interface AlertRecords {
  /** The last of each alert. */
  drills(): Promise<readonly (DrillView & { readonly alert: string; readonly service: string })[]>;
  /** Null where none goes on. */
  build(): Promise<BuildView | null>;
}

/** Can my alerts see? */
export interface AlertsView {
  readonly atMs: number;
  readonly build: BuildView | null;
  readonly alerts: readonly AlertView[];
}

/** Each alert of each service that it is about. */
export function watchedAlerts(rules: PlatformRules): readonly WatchedAlert[] {
  return rules.alerts.flatMap((alert) => {
    const { name, severity, feels, runbook, unit, limit: limitText, of } = alert;
    const reads = metricsOf(rules, alert);
    return of.map(({ service, owner, limit, isBelow = false }) => ({
      ...{ name, service, owner, severity, runbook, unit, limit, limitText, isBelow, reads },
      feels: feels.replace('SERVICE', service),
    }));
  });
}

/** Asks what alerts see. A store that is away is told, and throws nothing. */
export async function alertsView(
  watched: readonly WatchedAlert[],
  { metrics, records }: { readonly metrics: MetricSource; readonly records: AlertRecords },
  nowMs: number,
): Promise<AlertsView> {
  const names = [...new Set(watched.flatMap(({ reads }) => reads))];
  const fired = promql`max by (alert, service) (max_over_time((${recorded(ALERT)} * timestamp(${recorded(ALERT)}))[${days(7)}:${minutes(5)}]))`;
  const [states, values, lately, ages, drills, build] = await Promise.all([
    unlessAway(metrics.now(ALERT)),
    unlessAway(metrics.now(ALERT_VALUE)),
    unlessAway(metrics.now(text(fired))),
    Promise.all(
      names.map(async (name) => [name, await unlessAway(metrics.now(text(ageOf(name))))] as const),
    ),
    records.drills(),
    records.build(),
  ]);
  const sight = { states, values, lately, ages: new Map(ages), drills };
  return { atMs: nowMs, build, alerts: watched.map((alert) => alertView(alert, sight)) };
}

/** The age of what is known of a metric, by who emits it. */
function ageOf(name: string): Query {
  const metric = [UP, ...Object.values(METRIC_REGISTRY)].find((each) => each.name === name);
  const read = series({ name }, {}, metric?.kind === 'histogram' ? '_count' : '');
  return promql`time() - max by (job) (timestamp(${read}))`;
}

type Answer = readonly Sample[] | undefined;

interface Sight {
  readonly states: Answer;
  readonly values: Answer;
  readonly lately: Answer;
  readonly ages: ReadonlyMap<string, Answer>;
  readonly drills: Awaited<ReturnType<AlertRecords['drills']>>;
}

function alertView({ reads, ...alert }: WatchedAlert, sight: Sight): AlertView {
  const { name, service } = alert;
  const of = (answer: Answer) =>
    (answer ?? []).filter(
      ({ labels }) => labels['alert'] === name && labels['service'] === service,
    );
  // Of an operation that nobody asked for there is no number.
  const values = of(sight.values).flatMap(({ value }) => (Number.isNaN(value) ? [] : value));
  const value =
    values.length === 0 ? null : alert.isBelow ? Math.min(...values) : Math.max(...values);
  const [state] = of(sight.states);
  const [fired] = of(sight.lately);
  const drill = sight.drills.find((each) => each.alert === name && each.service === service);
  return {
    ...alert,
    state: sight.states === undefined ? 'unknown' : stateOf(state),
    value: { value, query: text(recorded(ALERT_VALUE, { alert: name, service })) },
    distance: value === null ? null : distanceOf(alert, value),
    reads: reads.map((metric) => readView(metric, service, sight)),
    firedMs: fired === undefined || fired.value <= 0 ? null : fired.value * 1_000,
    drill: drill ?? null,
    command: 'meridian slo',
  };
}

function stateOf(sample: Sample | undefined): AlertView['state'] {
  if (sample === undefined) return 'blind';
  return sample.value === 1 ? 'firing' : 'quiet';
}

/** A limit of 0 has no way to it, nor has a count that must not sink: whatever is beyond is beyond. */
function distanceOf(
  { limit, isBelow, unit }: Pick<WatchedAlert, 'limit' | 'isBelow' | 'unit'>,
  value: number,
): number {
  if (isBelow && unit === 'count') return value < limit ? 1 : 0;
  if (isBelow) return value <= 0 ? 1 : Math.min(1, limit / value);
  if (limit === 0) return value > 0 ? 1 : 0;
  return value / limit;
}

/** The age of what the service itself emits, or of anybody's where it emits nothing of it. */
function readView(metric: string, service: string, { ages }: Sight): ReadView {
  const all = ages.get(metric) ?? [];
  const own = all.filter(({ labels }) => labels['job'] === service);
  const known = (own.length > 0 ? own : all).map(({ value }) => value);
  const value = known.length === 0 ? null : Math.min(...known);
  return { metric, age: { value, query: text(ageOf(metric)) } };
}
