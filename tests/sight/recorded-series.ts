import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A series as one replica served it and the collector brought it, without its values; of a histogram one for all of
 * its bounds.
 */
export interface RecordedSeries {
  /** Of a histogram without `_bucket`, `_count` or `_sum`. */
  readonly metric: string;
  /** Those of its target too. */
  readonly labels: Readonly<Record<string, string>>;
  /** Values of `le`, in their order; absent of what is not a histogram. */
  readonly bounds?: readonly string[];
}

/** A series with values. */
export interface ValuedSeries {
  readonly metric: string;
  /** With what stands behind the metric's. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** As promtool writes them, one each 15 seconds. */
  readonly values: string;
}

export const RECORDING = path.join(import.meta.dirname, 'recording');

/** What was recorded: a line of JSON each. */
export function recordedSeries(): readonly RecordedSeries[] {
  return linesOf('series.jsonl').map((line) => JSON.parse(line) as RecordedSeries);
}

/** What consumers read of jobs that were not there while it was recorded, in their order: who, and what. */
export function notRecorded(): readonly string[] {
  return linesOf('not-recorded.txt').toSorted();
}

/** Consumers of what did not happen while it was recorded, such as errors of a service: by name, in their order. */
export function notExercised(): readonly string[] {
  return linesOf('not-exercised.txt').toSorted();
}

/** Mutants of spans and lines that nobody reads, such as an attribute that is only shown: by name, in their order. */
export function notRead(): readonly string[] {
  return linesOf('not-read.txt').toSorted();
}

/** Lines of a file of the recording, without empty ones. */
export function linesOf(file: string): readonly string[] {
  return readFileSync(path.join(RECORDING, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Ten minutes and a bit. */
const SAMPLES = 42;

/** Steps between weights: far from any ratio of small numbers, so that no two sums of some series are equal. */
const STEP = 0.618_034;

/**
 * Gives each series values of its own, so that whoever reads it would give another answer without it. What was
 * counted in a recording cannot do that: most errors are 0 there.
 */
export function withValues(recorded: readonly RecordedSeries[]): readonly ValuedSeries[] {
  return recorded.flatMap((series, position) => {
    const weight = 1 + ((position * STEP) % 1);
    return series.bounds === undefined ? [single(series, weight)] : histogram(series, weight);
  });
}

function single({ metric, labels }: RecordedSeries, weight: number): ValuedSeries {
  return { metric, name: metric, labels, values: valuesOf(metric, weight) };
}

function valuesOf(metric: string, weight: number): string {
  if (metric === 'up') return `1x${SAMPLES}`;
  return metric.endsWith('_total') ? growing(weight) : `${weight}x${SAMPLES}`;
}

function histogram(
  { metric, labels, bounds = [] }: RecordedSeries,
  weight: number,
): readonly ValuedSeries[] {
  const all = bounds.length;
  return [
    { metric, name: `${metric}_count`, labels, values: growing(weight) },
    { metric, name: `${metric}_sum`, labels, values: growing(weight) },
    ...bounds.map((le, position) => ({
      metric,
      name: `${metric}_bucket`,
      labels: { ...labels, le },
      values: growing((weight * (position + 1)) / all),
    })),
  ];
}

/** By so much that whoever waits for a number of requests has them. */
function growing(perSample: number): string {
  return `0+${perSample * 1_000}x${SAMPLES}`;
}

/** A series as PromQL has it. */
export function selectorOf({ name, labels }: Pick<ValuedSeries, 'name' | 'labels'>): string {
  const all = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${all.join(',')}}`;
}
