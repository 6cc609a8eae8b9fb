import type { Statistic, WatchedMetric, WatchedNamespace } from './watched-metrics.ts';
import { PERIOD_SECONDS, WATCHED } from './watched-metrics.ts';

const DAY_SECONDS = 86_400;

/** Of what is deleted CloudWatch tells for two weeks. */
const RECENT = { recentlyActiveOnly: true, period: PERIOD_SECONDS } as const;

/** How far back a value is looked for: AWS tells some of them minutes later, and the last period may still be empty. */
const NEWEST_VALUE = { ...RECENT, length: 3 * PERIOD_SECONDS } as const;

/** Only of a period that is over for a while all is counted; each is asked for once, or it would count twice. */
const LAST_WHOLE_PERIOD = { ...RECENT, length: PERIOD_SECONDS, delay: PERIOD_SECONDS } as const;

/** The exporter ends what it asks for where the last whole period ended, so that it is this. */
const THE_DAY_BEFORE = { period: DAY_SECONDS, length: DAY_SECONDS } as const;

/** A job of the exporter, in its own words. Source: yet-another-cloudwatch-exporter 0.67.0, docs/configuration.md */
interface ExporterJob {
  readonly name: string;
  readonly namespace: string;
  readonly regions: readonly string[];
  readonly dimensionNameRequirements: readonly string[];
  /** Only what was told in the last three hours. */
  readonly recentlyActiveOnly?: true;
  readonly period: number;
  readonly length: number;
  readonly delay?: number;
  readonly metrics: readonly { readonly name: string; readonly statistics: readonly Statistic[] }[];
}

/** What the exporter is configured with. */
export interface ExporterConfiguration {
  readonly apiVersion: 'v1alpha1';
  readonly 'sts-region': string;
  readonly customNamespace: readonly ExporterJob[];
}

/**
 * What the exporter is told to ask for. Every job is a `customNamespace`, which lists what CloudWatch has: a `discovery` job knows
 * only what has a tag, and instances of a DB cluster, which RDS makes, need not have one (ADR 108).
 */
export function exporterConfiguration(region: string): ExporterConfiguration {
  return {
    apiVersion: 'v1alpha1',
    'sts-region': region,
    customNamespace: WATCHED.map((watched) => job(watched, region)),
  };
}

/** The exporter heeds the delay of a job and not that of a metric, so those that are added up have jobs of their own. */
function job(
  { name, namespace, dimensions, metrics, isDaily = false }: WatchedNamespace,
  region: string,
): ExporterJob {
  const sums = metrics.filter(({ statistic }) => statistic === 'Sum');
  if (sums.length !== 0 && sums.length !== metrics.length) {
    throw new Error(`Sums and other statistics in one job: ${name}`);
  }
  return {
    ...{ name, namespace, regions: [region], dimensionNameRequirements: dimensions },
    ...(isDaily ? THE_DAY_BEFORE : sums.length === 0 ? NEWEST_VALUE : LAST_WHOLE_PERIOD),
    metrics: metrics.map(asked),
  };
}

function asked({ metric, statistic }: WatchedMetric): ExporterJob['metrics'][number] {
  return { name: metric, statistics: [statistic] };
}
