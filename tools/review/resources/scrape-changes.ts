import { isDeepStrictEqual } from 'node:util';
import { fieldsOf, listOf, objectsIn, textOf, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { missingIn, short } from './aspect.ts';
import { keptTargets, relabelled } from './relabelling.ts';
import type { Labels } from './relabelling.ts';

/** How a job is asked for its metrics. Source: Prometheus 3, "Configuration", scrape_config. */
export type ScrapeConfiguration = Fields;

/** What a change of how a job is asked does to what is seen of it. */
export interface ScrapeChange {
  /** Nothing of what was found is found; or less may be, of targets or of their metrics. */
  readonly seen: 'nothing' | 'less';
  /** By what, such as 'pod_phase'. */
  readonly property: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Holds what a job's configuration finds now against what it found: by targets that the former one keeps, and metrics that
 * are read of it. Empty where as much is found.
 *
 * @param metrics names of series of it that somebody reads
 */
export function scrapeChanges(
  before: ScrapeConfiguration,
  after: ScrapeConfiguration,
  metrics: readonly string[],
): readonly ScrapeChange[] {
  return [
    ...discoveryChanges(before, after),
    ...targetChanges(before, after),
    ...metricChanges(before, after, metrics),
    ...otherChanges(before, after),
  ];
}

/** Where targets are looked for. */
function discoveryChanges(before: Fields, after: Fields): readonly ScrapeChange[] {
  const [was, is] = [before, after].map((side) => objectsIn(side['kubernetes_sd_configs']));
  const [old, now] = [before, after].map((side) =>
    objectsIn(side['static_configs']).flatMap(({ targets }) => listOf(targets).map(wordOf)),
  );
  const gone = missingIn(old ?? [], now ?? []);
  return [
    ...(gone.length === 0
      ? []
      : [
          change(gone.length === old?.length ? 'nothing' : 'less', 'targets', old ?? [], now ?? []),
        ]),
    ...(was ?? []).flatMap((one, index) => {
      const other = is?.[index];
      if (other === undefined) return [change('nothing', 'discovery', ['pods'], ['none'])];
      return [...namespaceChanges(one, other), ...selectorChanges(one, other)];
    }),
  ];
}

function namespaceChanges(before: Fields, after: Fields): readonly ScrapeChange[] {
  const [was, is] = [before, after].map((side) =>
    listOf(fieldsOf(side['namespaces'])['names']).map(wordOf),
  );
  if (was === undefined || is === undefined || is.length === 0) return [];
  const kept = was.filter((name) => is.includes(name));
  if (was.length > 0 && kept.length === was.length) return [];
  return [change(kept.length === 0 && was.length > 0 ? 'nothing' : 'less', 'namespaces', was, is)];
}

function selectorChanges(before: Fields, after: Fields): readonly ScrapeChange[] {
  const [was, is] = [labelsIn(before), labelsIn(after)];
  const conflicts = [...is].filter(([name, value]) => (was.get(name) ?? value) !== value);
  const added = [...is].filter(([name]) => !was.has(name));
  if (conflicts.length > 0) {
    const [[name, value] = ['', '']] = conflicts;
    return [change('nothing', `pods with ${name}`, [was.get(name) ?? ''], [value])];
  }
  return added.length === 0
    ? []
    : [
        change(
          'less',
          'pods with',
          ['any'],
          added.map(([name, value]) => `${name}=${value}`),
        ),
      ];
}

function labelsIn(discovery: Fields): ReadonlyMap<string, string> {
  const texts = objectsIn(discovery['selectors']).map(({ label }) => textOf(label));
  const pairs = texts.flatMap((text) => text.split(',')).filter((text) => text.includes('='));
  return new Map(
    pairs.map((text) => {
      const [name = '', value = ''] = text.split('=');
      return [name, value] as const;
    }),
  );
}

/** Which of the targets that were kept are not, and which labels they have lost. */
function targetChanges(before: Fields, after: Fields): readonly ScrapeChange[] {
  const [was, is] = [before, after].map((side) => objectsIn(side['relabel_configs']));
  if (was === undefined || is === undefined || isDeepStrictEqual(was, is)) return [];
  const targets = keptTargets(was, ownLabels(before));
  const results = targets.map((target) => ({ target, result: relabelled(is, target) }));
  const left = results.filter(({ result }) => result.outcome !== 'kept');
  const [first] = left;
  if (first !== undefined && first.result.outcome !== 'kept') {
    const { by } = first.result;
    const isAll = results.every(({ result }) => result.outcome === 'dropped');
    const names = listOf(by['source_labels']).map(wordOf);
    const values = names.map((name) => first.target.get(name) ?? 'any');
    const wanted =
      textOf(by['action']) === 'drop' ? `not ${short(by['regex'])}` : short(by['regex']);
    return [change(isAll ? 'nothing' : 'less', names.map(plainName).join(', '), values, [wanted])];
  }
  const renamed = results.flatMap(({ target, result }) =>
    result.outcome === 'kept' ? labelChanges(was, target, result.labels) : [],
  );
  if (targets.length === 0) return [change('less', 'relabelling', ['as it was'], ['another'])];
  return renamed.slice(0, 1);
}

/** Alerts select series by these, and the job is one of them. */
function labelChanges(
  rules: readonly Fields[],
  target: Labels,
  after: Labels,
): readonly ScrapeChange[] {
  const before = relabelled(rules, target);
  if (before.outcome !== 'kept') return [];
  return [...before.labels]
    .filter(([name, value]) => !name.startsWith('__') && after.get(name) !== value)
    .map(([name, value]) =>
      change(
        name === 'job' ? 'nothing' : 'less',
        `label ${name}`,
        [value],
        [after.get(name) ?? 'none'],
      ),
    );
}

function ownLabels(configuration: Fields): Labels {
  const [namespace = 'any'] = objectsIn(configuration['kubernetes_sd_configs']).flatMap((one) =>
    listOf(fieldsOf(one['namespaces'])['names']).map(wordOf),
  );
  return new Map([
    ['job', textOf(configuration['job_name'])],
    ['__meta_kubernetes_namespace', namespace],
  ]);
}

/** Metrics that somebody reads and that are kept no more. */
function metricChanges(
  before: Fields,
  after: Fields,
  metrics: readonly string[],
): readonly ScrapeChange[] {
  const [was, is] = [before, after].map((side) => objectsIn(side['metric_relabel_configs']));
  if (was === undefined || is === undefined || isDeepStrictEqual(was, is)) return [];
  const isKept = (rules: readonly Fields[], metric: string): boolean =>
    relabelled(rules, new Map([['__name__', metric], ...ownLabels(before)])).outcome === 'kept';
  const lost = metrics.filter((metric) => isKept(was, metric) && !isKept(is, metric));
  if (lost.length === 0) {
    return [
      change('less', 'metrics kept', [short(was.map(patternIn))], [short(is.map(patternIn))]),
    ];
  }
  const isAll = lost.length === metrics.filter((metric) => isKept(was, metric)).length;
  return [change(isAll ? 'nothing' : 'less', 'metrics', lost, ['dropped'])];
}

function patternIn({ action, regex }: Fields): string {
  return `${textOf(action) || 'replace'} ${short(regex)}`;
}

const COMPARED: ReadonlySet<string> = new Set([
  ...['job_name', 'kubernetes_sd_configs', 'static_configs'],
  ...['relabel_configs', 'metric_relabel_configs'],
]);

/** How its targets are asked: where that fails, nothing is seen. */
function otherChanges(before: Fields, after: Fields): readonly ScrapeChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !COMPARED.has(name) && !isDeepStrictEqual(before[name], after[name]))
    .toSorted()
    .map((name) => change('less', name, [short(before[name])], [short(after[name])]));
}

function plainName(label: string): string {
  return label.replace(/^__meta_kubernetes_/, '');
}

function change(
  seen: ScrapeChange['seen'],
  property: string,
  before: readonly string[],
  after: readonly string[],
): ScrapeChange {
  return { seen, property, before: short(before.join(', ')), after: short(after.join(', ')) };
}
