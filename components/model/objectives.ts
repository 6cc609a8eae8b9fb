import type { MetricName } from '@meridian/language/metrics.ts';
import type { MethodNode } from './graph.ts';

/** Objectives are shares of events over so many days. */
export const OBJECTIVE_DAYS = 30;

/** What those who wait for an answer may expect. */
export interface RequestObjectives {
  /** Share of requests answered without a server error over 30 days, such as 99.9. */
  readonly availabilityPercent: number;
  /** 95 of 100 good answers come within it; a release is asked so before its promotion. */
  readonly latencyP95Ms: number;
  /** 99 of 100 good answers come within it over 30 days; a bound of the histograms, as each of these. */
  readonly latencyP99Ms: number;
}

/** Share of good answers that have to come within `latencyP99Ms`. */
export const LATENCY_PERCENT = 99;

/** What may be expected of work that nobody waits for: that what waits is not old, for a share of the time. */
export interface FreshnessObjective {
  /** What has become of an event once it is done, such as 'found'; unique in its service. */
  readonly name: string;
  /** What users feel while it is not kept, in one line. */
  readonly feels: string;
  /**
   * The gauge with the age of the oldest event that waits, in seconds. That of a consumer counts from
   * the commit of a change: the age in the outboxes of those who publish to it is added.
   */
  readonly age: MetricName<'gauge'>;
  readonly withinSeconds: number;
  /** Share of the time in which the oldest is younger, over 30 days. */
  readonly percent: number;
}

/** What may be expected of a service. */
export interface Objectives<Operation extends string = string> extends RequestObjectives {
  /** Operations of which something else is expected, by their names in TypeScript. @default {} */
  readonly operations?: Readonly<Partial<Record<Operation, Partial<RequestObjectives>>>>;
  /** @default [] */
  readonly freshness?: readonly FreshnessObjective[];
}

/** Objectives of a service in the graph; operations have their names in the contract. */
export type ObjectivesNode = Required<Objectives>;

/** What is expected of an operation: what its service says of it, else of all. */
export function operationObjectives(
  { operations, availabilityPercent, latencyP95Ms, latencyP99Ms }: ObjectivesNode,
  { name }: Pick<MethodNode, 'name'>,
): RequestObjectives {
  return { availabilityPercent, latencyP95Ms, latencyP99Ms, ...operations[name] };
}
