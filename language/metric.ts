/** What a metric counts or shows, as Prometheus has its types. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** A metric that something emits: what a rule, a board or a query may read. */
export interface Metric<
  Kind extends MetricKind = MetricKind,
  Name extends string = string,
  Label extends string = string,
> {
  readonly kind: Kind;
  /** As Prometheus has it; a histogram's series have `_bucket`, `_count` and `_sum` behind it. */
  readonly name: Name;
  /** Its own labels, without those of the target it is scraped from. */
  readonly labels: readonly Label[];
}

/** Declares one that only grows. */
export function counter<const Name extends string, const Label extends string = never>(
  name: Name,
  ...labels: readonly Label[]
): Metric<'counter', Name, Label> {
  return { kind: 'counter', name, labels };
}

/** Declares one that shows what is. */
export function gauge<const Name extends string, const Label extends string = never>(
  name: Name,
  ...labels: readonly Label[]
): Metric<'gauge', Name, Label> {
  return { kind: 'gauge', name, labels };
}

/** Declares one of durations. */
export function histogram<const Name extends string, const Label extends string = never>(
  name: Name,
  ...labels: readonly Label[]
): Metric<'histogram', Name, Label> {
  return { kind: 'histogram', name, labels };
}
