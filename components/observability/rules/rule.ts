import type { Duration, Query } from './promql.ts';

/** A rule that records a series. */
export interface RecordingRule {
  /** `level:metric:operations`. Source: Prometheus, "Recording rules". */
  readonly record: string;
  readonly query: Query;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Rules that are evaluated one after the other, each with what those before it have just recorded. */
export interface RuleGroup {
  readonly name: string;
  readonly interval: Duration;
  readonly rules: readonly RecordingRule[];
}
