import type { Span } from '../stores/span.ts';
import type { Series } from '../stores/prometheus.ts';
import type { EdgeAnswers } from './edge-answers.ts';
import type { Refusal } from './edge-states.ts';

/** What the store of metrics said of a moment, and of the minutes before it. */
export interface MetricsSnapshot {
  readonly edges: EdgeAnswers;
  /** By edge that fails, what it fails by over time. */
  readonly onsets: Readonly<Record<string, readonly Series[]>>;
  /** 1 where a replica was fetched from, by `job`, `instance` and `zone`. */
  readonly up: readonly Series[];
  /** How much each replica has sent since it started, by `job` and `instance`. */
  readonly sent: readonly Series[];
  /** Seconds since anything was fetched; undefined where nothing ever was. */
  readonly ageSeconds: number | undefined;
  /** 1 where an engine's process answers, by `engine` and `node`. */
  readonly engines: readonly Series[];
  /** Seconds that certificates are valid, by `job` and `instance`. */
  readonly certificates: readonly Series[];
  /** Sessions of PostgreSQL that wait for a lock, and seconds since its oldest transaction began. */
  readonly locksWaiting: readonly Series[];
  readonly oldestTransaction: readonly Series[];
}

/** A line at error level. */
export interface ErrorLine {
  readonly service: string;
  readonly message: string;
}

/** All that is known of the platform at a moment, as plain JSON; undefined where a store is away. */
export interface Snapshot {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly metrics: MetricsSnapshot | undefined;
  /** Traces of the last minutes that failed or were slow. */
  readonly traces: readonly (readonly Span[])[] | undefined;
  /** Of the last minutes. */
  readonly errorLines: readonly ErrorLine[] | undefined;
  readonly refusals: readonly Refusal[];
}

/** What is compared with, as the platform's settings have it. */
export interface ExplainLimits {
  /** How many replicas each service has here. */
  readonly replicas: Readonly<Record<string, number>>;
  readonly certificateLifetimeSeconds: number;
}

/** The latest value of a series; undefined where nothing of the last minute is known. */
export function lastOf({ points }: Series, atMs: number): number | undefined {
  const [seconds, value] = points.at(-1) ?? [];
  return seconds !== undefined && atMs / 1_000 - seconds <= FRESH_SECONDS ? value : undefined;
}

/** Whether a replica was fetched from lately; on a busy machine one answer may come too late. */
export function isSeen({ points }: Series, atMs: number): boolean {
  return points.some(
    ([seconds, value]) => value === 1 && atMs / 1_000 - seconds <= SEEN_WITHIN_SECONDS,
  );
}

const SEEN_WITHIN_SECONDS = 30;

/** Four scrapes that did not come. */
export const FRESH_SECONDS = 60;

/** When a series was last so, in milliseconds since 1970; null if never. */
export function lastTime(
  series: readonly Series[],
  isSo: (value: number) => boolean,
): number | null {
  const times = series.flatMap(({ points }) =>
    points.filter(([, value]) => isSo(value)).map(([seconds]) => seconds),
  );
  return times.length === 0 ? null : Math.max(...times) * 1_000;
}
