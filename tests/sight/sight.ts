import type { Selection } from '@meridian/components/observability/rules/promql.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import { askPrometheus, seriesFor } from './ask-prometheus.ts';
import type { Answers } from './ask-prometheus.ts';
import { clusterLabels, metricConsumers } from './metric-consumers.ts';
import type { MetricConsumer } from './metric-consumers.ts';
import { metricMutants } from './metric-mutants.ts';
import type { MetricMutant } from './metric-mutants.ts';
import { recordedSeries, withValues } from './recorded-series.ts';
import type { ValuedSeries } from './recorded-series.ts';
import { wantedLabels } from './selections.ts';

const settings = localSettings({});
const graph = platform(settings);
const rules = platformRules(graph, { certificateLifetimeSeconds: settings.leafLifetimeSeconds });
const dressed = recordedSeries().map((series) => ({
  ...series,
  labels: { ...series.labels, ...clusterLabels(graph) },
}));

/** What was recorded, with values, and whoever reads metrics. */
export const series: readonly ValuedSeries[] = withValues(dressed);
export const consumers: readonly MetricConsumer[] = metricConsumers(graph, rules);
export const mutants: readonly MetricMutant[] = metricMutants(consumers, series);

/** Answers to some consumers, of what was recorded or of a mutant of it. */
export async function answersTo(
  promtool: string,
  asking: readonly MetricConsumer[],
  change: MetricMutant['change'] = (each) => each,
): Promise<Answers> {
  const read = seriesFor(asking, series).flatMap((each) => change(each) ?? []);
  return await askPrometheus(promtool, rules, asking, read);
}

/** Those of some consumers whose answer a mutant can change. */
export function readersOf(
  { metric }: Pick<MetricMutant, 'metric'>,
  among: readonly MetricConsumer[] = consumers,
): readonly MetricConsumer[] {
  return among.filter(({ needs, rules: read }) =>
    [...needs, ...read.flatMap(({ query }) => query.selections)].some(
      (selection) => selection.metric === metric,
    ),
  );
}

/** The consumers that lost what a mutant took away: they are told something else than before, or nothing. */
export async function blinded(
  promtool: string,
  mutant: MetricMutant,
  before: Answers,
  among: readonly MetricConsumer[] = consumers,
): Promise<readonly string[]> {
  const readers = readersOf(mutant, among);
  const after = await answersTo(promtool, readers, mutant.change);
  return readers.map(({ name }) => name).filter((name) => after.get(name) !== before.get(name));
}

/** What consumers need and nothing emits: a metric of which nothing was recorded, or a label that it never had. */
export function neverEmitted(): readonly string[] {
  const needs = consumers.flatMap((consumer) =>
    consumer.needs.map((need) => ({ who: consumer.name, need })),
  );
  const forms = Map.groupBy(needs, ({ need }) => formOf(need));
  const missing = [...forms].filter(
    ([, [first]]) => !series.some((each) => has(each, first?.need)),
  );
  return missing.flatMap(([form, all]) => all.map(({ who }) => `${who}: ${form}`)).toSorted();
}

/** A selection without the values that it wants. */
function formOf({ metric, suffix, matchers }: Selection): string {
  return `${metric}${suffix} ${Object.keys(matchers).join(', ')}`;
}

/** Whether a series has the name and the labels of what is selected, whatever their values; `''` selects an absence. */
function has({ name, labels }: ValuedSeries, need: Selection | undefined): boolean {
  if (need === undefined) return false;
  const { metric, suffix } = need;
  const wanted = wantedLabels(need);
  return name === `${metric}${suffix}` && wanted.every((label) => labels[label] !== undefined);
}
