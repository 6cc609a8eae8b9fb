import { LOG_LEVELS } from '@meridian/language/log-fields.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { RETENTION_DAYS, SCRAPE_INTERVAL_SECONDS } from './defaults.ts';

/** What telemetry of a replica may cost: what is beyond it slows every query and fills the disk early. */
export const TELEMETRY_BUDGET = {
  seriesPerReplica: 2_000,
  /** Of one label of one metric, in one service: what users can choose has no end. */
  valuesPerLabel: 100,
} as const;

/** Series of all that are not services: rules, engines, and what watches. */
const OTHER_SERIES = 20_000;

/** Source: Prometheus 3, "Storage": one to two bytes. */
const BYTES_PER_SAMPLE = 2;

/** For what is compacted while it is still kept as it was, and the log of what is not yet. */
const HEADROOM = 1.25;

/** Labels of one series, with its name in `__name__`. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** What is beyond the budget, in words; nothing where all is within it. Every series that was scraped, of every replica. */
export function beyondBudget(series: readonly SeriesLabels[]): readonly string[] {
  return [...tooManySeries(series), ...tooManyValues(series)];
}

function tooManySeries(series: readonly SeriesLabels[]): readonly string[] {
  const most = TELEMETRY_BUDGET.seriesPerReplica;
  const replicas = Map.groupBy(series, ({ job, instance }) => `${job} ${instance}`);
  return [...replicas]
    .filter(([, own]) => own.length > most)
    .map(
      ([replica, own]) => `Replica '${replica}': series must be ${most} at most, got ${own.length}`,
    );
}

function tooManyValues(series: readonly SeriesLabels[]): readonly string[] {
  const most = TELEMETRY_BUDGET.valuesPerLabel;
  const values = new Map<string, Set<string>>();
  for (const { __name__: name = '', job = '', ...labels } of series) {
    for (const [label, value] of Object.entries(labels)) {
      const key = `Metric '${name}' of '${job}', label '${label}'`;
      values.set(key, (values.get(key) ?? new Set()).add(value));
    }
  }
  return [...values]
    .filter(([, own]) => own.size > most)
    .map(([which, own]) => `${which}: values must be ${most} at most, got ${own.size}`);
}

/** Streams of logs that there are at most: each service, task and engine on each level. */
export function logStreamsMax(writers: number): number {
  return writers * LOG_LEVELS.length;
}

/** The disk that Prometheus needs for all that is kept, if every replica uses up its budget. In GiB. */
export function prometheusDiskGib(
  graph: PlatformGraph,
  replicas: Readonly<Record<string, number>> = {},
): number {
  const running = graph.services.map(({ name, scale }) => replicas[name] ?? scale.minReplicas);
  const count = running.reduce((sum, each) => sum + each, 0);
  const series = count * TELEMETRY_BUDGET.seriesPerReplica + OTHER_SERIES;
  const samples = (RETENTION_DAYS.metrics * 86_400) / SCRAPE_INTERVAL_SECONDS;
  return Math.ceil((series * samples * BYTES_PER_SAMPLE * HEADROOM) / 1_024 ** 3);
}
