import type { MetricName } from '@meridian/language/metrics.ts';

/** A page wakes somebody: users feel it now or will within the hour. A ticket waits for the morning. */
export const SEVERITIES = ['page', 'ticket'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** An alert on one metric of a service, as given in its service.ts; its owner is the service's. */
export interface AlertDeclaration {
  /** In CamelCase, unique on the platform. */
  readonly name: string;
  /** What users feel, in one line: the first of what the person on call reads. */
  readonly feels: string;
  /** A gauge, whose largest value among the replicas is looked at, or a counter, whose increase is. */
  readonly metric: MetricName<'gauge' | 'counter'>;
  /** It fires above this value. @default 0 */
  readonly above?: number;
  /** A gauge has been above it for so long; a counter has grown by more than it within so long. */
  readonly minutes: number;
  readonly severity: Severity;
  /** A file in docs/runbooks, without its `.md`. */
  readonly runbook: string;
  /** Whether it compares what events have told with something else: while one waits to be published, it says nothing. @default false */
  readonly needsEvents?: boolean;
}

/** An alert of a service in the graph. */
export type AlertNode = Required<AlertDeclaration>;
