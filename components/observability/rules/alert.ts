import type { Severity } from '../../model/alert.ts';
import { promql, recorded } from './promql.ts';
import type { Duration, Query } from './promql.ts';
import type { RecordingRule } from './rule.ts';

/** 1 where an alert fires, 0 where it does not, and absent where nobody can tell. */
export const ALERT = 'service:alert:is_1';

/** What an alert compares with its limit, by operation where there are several. */
export const ALERT_VALUE = 'service:alert:value';

/** How values are written for people. */
export type Unit = 'percent' | 'seconds' | 'count' | 'times';

/** An alert of the platform: one rule for each service that it is about. */
export interface Alert {
  readonly name: string;
  /** What users feel, the first line; `SERVICE` in it stands for the service's name. */
  readonly feels: string;
  readonly severity: Severity;
  /** A file in docs/runbooks, without its `.md`. */
  readonly runbook: string;
  readonly unit: Unit;
  /** In words, such as 'more than 14.4 times what 30 days allow'. */
  readonly limit: string;
  readonly of: readonly AlertOfService[];
}

/** An alert as it is of one service. */
export interface AlertOfService {
  /** A service, or an engine. */
  readonly service: string;
  readonly owner: string;
  readonly value: Query;
  readonly limit: number;
  /** Whether it fires below its limit and not above. @default false */
  readonly isBelow?: boolean;
  /** 1 or 0, without a label; absent where nobody can tell. */
  readonly firing: Query;
}

/** How an alert compares its value with its limit. */
export interface Threshold {
  readonly alert: string;
  readonly service: string;
  /** Without a label. */
  readonly value: Query;
  readonly comparison: '>' | '<';
  readonly limit: number;
  /** How long it has been so: at ten moments, spread evenly. */
  readonly span: Duration;
}

/** Value, limit and 1 or 0 of an alert that a value makes. */
export function threshold(
  given: Threshold,
): Pick<AlertOfService, 'value' | 'limit' | 'isBelow' | 'firing'> {
  const { alert, service, value, limit, span } = given;
  const read = promql`max(${recorded(ALERT_VALUE, { alert, service })})`;
  const isBelow = given.comparison === '<';
  const beyond = isBelow ? promql`${read} < ${limit}` : promql`${read} > ${limit}`;
  return { value, limit, isBelow, firing: promql`(${heldFor(beyond, span)}) or ${read} * 0` };
}

/** 1 where a condition has held at ten moments of a span of time, which are spread evenly; else 0 or absent. */
export function heldFor(condition: Query, span: Duration): Query {
  const step = { seconds: span.seconds / 10 };
  return promql`count_over_time((${condition})[${span}:${step}]) >= bool 10`;
}

/** The same, but 0 where a cause of it is known, whose alert is the one that counts. */
export function unlessCaused(firing: Query, causes: readonly Query[]): Query {
  return promql`(${firing}) * ((${howMany(causes)}) == bool 0)`;
}

/**
 * How many of some conditions hold for anything; one of which nothing is known does not. They are added up, since
 * `or` would let a series that is 0 hide another of the same labels that is 1.
 */
export function howMany(conditions: readonly Query[]): Query {
  const [first = promql`vector(0)`, ...others] = conditions.map(
    (condition) => promql`(max(${condition}) or vector(0))`,
  );
  return others.reduce((sum, condition) => promql`${sum} + ${condition}`, first);
}

/** What is recorded of alerts: their values first, which the rest reads. */
export function alertRecords(alerts: readonly Alert[]): readonly RecordingRule[] {
  return alerts.flatMap(({ name, severity, of }) =>
    of.flatMap(({ service, owner, value, firing }) => [
      { record: ALERT_VALUE, query: value, labels: { alert: name, service } },
      { record: ALERT, query: firing, labels: { alert: name, service, owner, severity } },
    ]),
  );
}
