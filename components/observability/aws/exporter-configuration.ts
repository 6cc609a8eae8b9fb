import type { Statistic, WatchedMetric, WatchedNamespace } from './watched-metrics.ts';
import { PERIOD_SECONDS, WATCHED } from './watched-metrics.ts';

/** How far back a value is looked for: AWS tells some of them minutes later, and the last period may still be empty. */
const LOOK_BACK_SECONDS = 3 * PERIOD_SECONDS;

/** A job of the exporter, in its own words. Source: yet-another-cloudwatch-exporter 0.67.0, docs/configuration.md */
interface ExporterJob {
  readonly name: string;
  readonly namespace: string;
  readonly regions: readonly string[];
  readonly dimensionNameRequirements: readonly string[];
  readonly recentlyActiveOnly: true;
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
  { name, namespace, dimensions, metrics }: WatchedNamespace,
  region: string,
): ExporterJob {
  const sums = metrics.filter(({ statistic }) => statistic === 'Sum');
  if (sums.length !== 0 && sums.length !== metrics.length) {
    throw new Error(`Sums and other statistics in one job: ${name}`);
  }
  return {
    ...{ name, namespace, regions: [region], dimensionNameRequirements: dimensions },
    // Of what is deleted CloudWatch tells for two weeks.
    recentlyActiveOnly: true,
    period: PERIOD_SECONDS,
    ...(sums.length === 0 ? { length: LOOK_BACK_SECONDS } : LAST_WHOLE_PERIOD),
    metrics: metrics.map(asked),
  };
}

/** Only of a period that is over for a while all is counted; each is asked for once, or it would count twice. */
const LAST_WHOLE_PERIOD = { length: PERIOD_SECONDS, delay: PERIOD_SECONDS } as const;

function asked({ metric, statistic }: WatchedMetric): ExporterJob['metrics'][number] {
  return { name: metric, statistics: [statistic] };
}
