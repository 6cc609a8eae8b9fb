import { CodedError } from '@meridian/language/coded-error.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { Metric } from '@meridian/language/metrics.ts';

/** A span of time in a rule; drills shorten all of them alike. */
export interface Duration {
  readonly seconds: number;
}

/** What Prometheus itself says of each target: 1 if it was scraped. */
export const UP: Metric<'gauge', 'up'> = { kind: 'gauge', name: 'up', labels: [] };

/** Label of a replica's release: the hash that Argo Rollouts gives its pods. */
export const RELEASE_LABEL = 'rollouts_pod_template_hash';

/** Labels of the target of a series: the service or engine, the replica and its zone, in a cluster its namespace and release. */
export const TARGET_LABELS = ['job', 'instance', 'zone', 'namespace', RELEASE_LABEL, 'le'] as const;

/** Labels of what rules record. */
export const RULE_LABELS = [
  'service',
  'operation',
  'slo',
  'at',
  'engine',
  'alert',
  'owner',
  'severity',
] as const;

/** A piece of PromQL, which knows what it reads. */
export interface Query {
  readonly parts: readonly (string | Duration)[];
  /** Names of emitted metrics. */
  readonly metrics: readonly string[];
  /** Which series of those metrics. */
  readonly selections: readonly Selection[];
  readonly records: readonly Recorded[];
}

/** Some series of an emitted metric. */
export interface Selection {
  readonly metric: string;
  readonly suffix: Suffix;
  readonly matchers: Matchers;
}

/** What the name of a series has behind that of its metric. */
export type Suffix = '' | '_bucket' | '_count' | '_sum';

/** A recorded series that is read, or some of it. */
export interface Recorded {
  readonly name: string;
  readonly matchers: Matchers;
}

/** Words of PromQL that rules are written with. */
const WORDS = new Set([
  ...['and', 'avg_over_time', 'bool', 'by', 'clamp_max', 'clamp_min', 'count', 'count_over_time'],
  'group_left',
  ...['histogram_quantile', 'increase', 'label_replace', 'max', 'max_over_time', 'min', 'offset'],
  ...['on', 'or', 'rate', 'sum', 'sum_over_time', 'time', 'timestamp', 'topk', 'unless', 'vector'],
]);

const LABELS: ReadonlySet<string> = new Set([
  ...TARGET_LABELS,
  ...RULE_LABELS,
  ...Object.values(METRIC_REGISTRY).flatMap(({ labels }) => labels),
]);

/** Texts of which every name is known: each is read once, however many services it is put together for. */
const known = new WeakSet<TemplateStringsArray>();

/**
 * PromQL with metrics, records and spans of time put in as values, so that what it reads is known. Throws
 * CodedError RULES_INVALID for a name that stands in the text itself and is neither a word nor a label.
 */
export function promql(
  texts: TemplateStringsArray,
  ...values: readonly (Query | Duration | number)[]
): Query {
  if (!known.has(texts)) {
    for (const text of texts) refuseUnknown(text);
    known.add(texts);
  }
  const pieces = texts.flatMap((text, position): (string | Duration | Query)[] => {
    const value = values[position];
    if (value === undefined) return [text];
    return [text, typeof value === 'number' ? String(value) : value];
  });
  return joined(pieces);
}

/** A sum for each value of some labels. Throws CodedError RULES_INVALID for a label that nothing has. */
export function sumBy(labels: readonly string[], query: Query): Query {
  const by = `sum by (${labels.join(', ')}) (`;
  refuseUnknown(by);
  return joined([by, query, ')']);
}

/** The series of each of some queries, of which there is one at least; no two have the same labels. */
export function anyOf(queries: readonly Query[]): Query {
  return joined(queries.flatMap((query, position) => (position === 0 ? [query] : [' or ', query])));
}

function joined(pieces: readonly (string | Duration | Query)[]): Query {
  const queries = pieces.filter((piece) => typeof piece === 'object' && 'parts' in piece);
  return {
    parts: pieces.flatMap((piece) =>
      typeof piece === 'object' && 'parts' in piece ? piece.parts : [piece],
    ),
    metrics: [...new Set(queries.flatMap(({ metrics }) => metrics))],
    selections: queries.flatMap(({ selections }) => selections),
    records: queries.flatMap(({ records }) => records),
  };
}

function refuseUnknown(text: string): void {
  const words = text.replaceAll(/"[^"]*"/g, '').match(/[A-Za-z_][\w:]*/g) ?? [];
  const unknown = words.filter((word) => !WORDS.has(word) && !LABELS.has(word));
  if (unknown.length === 0) return;
  throw new CodedError(
    'RULES_INVALID',
    `Rule '${text.trim()}': names must be metrics of language/metrics.ts or records, put in as values, or labels, got '${unknown.join("', '")}'; declare the metric there`,
  );
}

/** The series of an emitted metric. Throws CodedError RULES_INVALID for one that nothing emits. */
export function series(
  { name }: Pick<Metric, 'name'>,
  matchers: Matchers = {},
  suffix: Suffix = '',
): Query {
  const metric = metricNamed(name);
  const own: readonly string[] = [...metric.labels, ...TARGET_LABELS];
  const unknown = Object.keys(matchers).filter((label) => !own.includes(label));
  if (unknown.length > 0) {
    throw new CodedError(
      'RULES_INVALID',
      `Metric '${name}': labels must be ${own.join(', ')}, got '${unknown.join("', '")}'; declare them in language/metrics.ts`,
    );
  }
  return {
    parts: [`${name}${suffix}${selector(matchers)}`],
    metrics: [name],
    selections: [{ metric: name, suffix, matchers }],
    records: [],
  };
}

/** The series that a rule records. */
export function recorded(name: string, matchers: Matchers = {}): Query {
  return {
    parts: [`${name}${selector(matchers)}`],
    metrics: [],
    selections: [],
    records: [{ name, matchers }],
  };
}

/** A regular expression of RE2 that a whole value matches. */
export interface Pattern {
  readonly pattern: string;
}

/** The same, which a whole value does not match. */
export interface Exception {
  readonly except: string;
}

/** Values of labels: one, any of several, or all that match or do not. */
export type Matchers = Readonly<Record<string, string | readonly string[] | Pattern | Exception>>;

function selector(matchers: Matchers): string {
  const all = Object.entries(matchers).map(([label, value]) => {
    if (typeof value === 'string') return `${label}=${quoted(value)}`;
    if ('pattern' in value) return `${label}=~${quoted(value.pattern)}`;
    if ('except' in value) return `${label}!~${quoted(value.except)}`;
    const [only = ''] = value;
    return value.length === 1 ? `${label}=${quoted(only)}` : `${label}=~${quoted(value.join('|'))}`;
  });
  return all.length === 0 ? '' : `{${all.join(',')}}`;
}

/** A string as PromQL has it. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

const BY_NAME = new Map<string, Metric>(
  [UP, ...Object.values(METRIC_REGISTRY)].map((metric) => [metric.name, metric]),
);

/** A metric of the registry, or `up`. Throws CodedError RULES_INVALID for one that nothing emits. */
export function metricNamed(name: string): Metric {
  const metric = BY_NAME.get(name);
  if (metric !== undefined) return metric;
  throw new CodedError(
    'RULES_INVALID',
    `Metric '${name}': must be one of language/metrics.ts, got one that nothing emits; declare it there`,
  );
}

export const minutes = (count: number): Duration => ({ seconds: count * 60 });
export const hours = (count: number): Duration => minutes(count * 60);
export const days = (count: number): Duration => hours(count * 24);

/** The text of a query at a time scale. */
export function textOf({ parts }: Query, timeScale: number): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : durationText(part, timeScale)))
    .join('');
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** A span of time as Prometheus has it, such as '90m'. */
export function durationText({ seconds }: Duration, timeScale: number): string {
  const milliseconds = Math.max(1, Math.round(seconds * 1_000 * timeScale));
  const [unit, size] = UNITS.find(([, length]) => milliseconds % length === 0) ?? ['ms', 1];
  return `${milliseconds / size}${unit}`;
}
