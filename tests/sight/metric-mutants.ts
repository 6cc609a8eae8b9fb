import type { Matchers, Selection } from '@meridian/components/observability/rules/promql.ts';
import type { MetricConsumer } from './metric-consumers.ts';
import type { ValuedSeries } from './recorded-series.ts';
import { isSelected, wantedLabels } from './selections.ts';

/** An emission that is taken away or has another name. */
export interface MetricMutant {
  readonly name: string;
  readonly metric: string;
  readonly change: (series: ValuedSeries) => ValuedSeries | undefined;
  /** Consumers that read it, by name: one of them at least has to say that it lost it. */
  readonly readers: readonly string[];
  /** Those of them that decide by it, which all have to: a panel may show the least or most of several. */
  readonly needed: readonly string[];
}

/** Labels of targets: who of them is gone is what alerts are for. */
const TARGETS: readonly string[] = [
  'job',
  'instance',
  'zone',
  'namespace',
  'rollouts_pod_template_hash',
];

/** Something that is selected, and who needs it. */
interface Need {
  readonly selection: Selection;
  readonly consumers: readonly MetricConsumer[];
}

/** Where nothing of any service is seen one alert says so, and that each of them or a probe is away is not said. */
const SILENT_WITHOUT_ANY: Readonly<Record<string, RegExp>> = {
  up: /^alert (ServiceAway |AlertBlind of probe$)/,
};

/** Every mutant of what consumers need: metrics, labels and their values, bounds of histograms. */
export function metricMutants(
  consumers: readonly MetricConsumer[],
  series: readonly ValuedSeries[],
): readonly MetricMutant[] {
  const bySeries = Map.groupBy(series, ({ metric }) => metric);
  return [...Map.groupBy(needsOf(consumers), ({ selection }) => selection.metric)].flatMap(
    ([metric, needs]) => {
      const labels = [...new Set(needs.flatMap(({ selection }) => wantedLabels(selection)))];
      return [
        { name: `${metric} is gone`, metric, change: gone(metric), ...sight(metric, needs) },
        {
          name: `${metric} has another name`,
          metric,
          change: renamed(metric),
          ...sight(metric, needs),
        },
        ...labels
          .toSorted()
          .flatMap((label) => labelMutants(metric, label, needs, bySeries.get(metric) ?? [])),
      ];
    },
  );
}

/** Each selection once. */
function needsOf(consumers: readonly MetricConsumer[]): readonly Need[] {
  const all = consumers.flatMap((consumer) =>
    consumer.needs.map((selection) => ({ consumer, selection })),
  );
  return [...Map.groupBy(all, ({ selection }) => JSON.stringify(selection)).values()].flatMap(
    (same) => {
      const [first] = same;
      return first === undefined
        ? []
        : [{ selection: first.selection, consumers: same.map(({ consumer }) => consumer) }];
    },
  );
}

function sight(metric: string, needs: readonly Need[]): Pick<MetricMutant, 'readers' | 'needed'> {
  const silent = SILENT_WITHOUT_ANY[metric];
  const all = needs.flatMap(({ consumers }) => consumers);
  const deciding = all.filter(({ kind, name }) => kind !== 'panel' && silent?.test(name) !== true);
  return { readers: namesOf(all), needed: namesOf(deciding) };
}

function namesOf(consumers: readonly MetricConsumer[]): readonly string[] {
  return [...new Set(consumers.map(({ name }) => name))].toSorted();
}

/** Mutants of a label that was recorded: its name, and each value that somebody selects. */
function labelMutants(
  metric: string,
  label: string,
  needs: readonly Need[],
  own: readonly ValuedSeries[],
): readonly MetricMutant[] {
  const selecting = needs.filter(({ selection }) => wantedLabels(selection).includes(label));
  const selected = selecting.map((need) => {
    const those = own.filter((each) => isSelected(need.selection, each));
    return { need, values: new Set(those.map(({ labels }) => labels[label] ?? '')) };
  });
  const touched = selected.filter(({ values }) => values.size > 0).map(({ need }) => need);
  if (touched.length === 0) return [];
  const another: MetricMutant = {
    ...{ name: `label ${label} of ${metric} has another name`, metric },
    change: relabelled(metric, label),
    ...sight(metric, touched),
  };
  if (TARGETS.includes(label)) return [another];
  const named = selected.filter(({ need }) => !isOpen(need.selection.matchers[label]));
  const values = [...new Set(named.flatMap((each) => [...each.values]))].toSorted();
  return [
    another,
    ...values.map((value) => ({
      ...{ name: `${label}="${value}" of ${metric} is gone`, metric },
      change: without(metric, label, value),
      // Those of several that are added up, or of which one counts, need not be missed by all.
      ...sight(
        metric,
        named.filter((each) => each.values.has(value)).map(({ need }) => need),
      ),
      needed: [],
    })),
  ];
}

/** Whether values are selected that nobody named. */
function isOpen(wanted: Matchers[string] | undefined): boolean {
  return typeof wanted === 'object' && 'pattern' in wanted && /\.[*+]/.test(wanted.pattern);
}

function gone(metric: string): MetricMutant['change'] {
  return (series) => (series.metric === metric ? undefined : series);
}

function renamed(metric: string): MetricMutant['change'] {
  return (series) =>
    series.metric === metric
      ? { ...series, name: series.name.replace(metric, `${metric}_2`), metric: `${metric}_2` }
      : series;
}

function relabelled(metric: string, label: string): MetricMutant['change'] {
  return (series) => {
    const { [label]: value, ...others } = series.labels;
    if (series.metric !== metric || value === undefined) return series;
    return { ...series, labels: { ...others, [`${label}_2`]: value } };
  };
}

function without(metric: string, label: string, value: string): MetricMutant['change'] {
  return (series) =>
    series.metric === metric && series.labels[label] === value ? undefined : series;
}
