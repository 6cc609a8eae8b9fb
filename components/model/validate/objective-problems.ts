import { DURATION_BOUNDS_SECONDS, METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { MetricKind } from '@meridian/language/metrics.ts';
import type { AlertDeclaration } from '../alert.ts';
import type { FreshnessObjective, RequestObjectives } from '../objectives.ts';
import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import { duplicateProblems, RFC1123_LABEL } from './name-problems.ts';
import { integerProblem, quoted, quotedList, serviceFile } from './problem.ts';
import type { Problem } from './problem.ts';

/** From two nines to what a platform of three zones cannot promise beyond. */
export const AVAILABILITY_RANGE_PERCENT = [90, 99.999] as const;

const AGE_RANGE_SECONDS = [1, 86_400] as const;
const MINUTES_RANGE = [1, 1_440] as const;
const ALERT_NAME = /^[A-Z][a-z]+(?:[A-Z][a-z]+)*$/;
const BOUNDS_MS = DURATION_BOUNDS_SECONDS.map((seconds) => Math.round(seconds * 1_000));

/** Whom to wake, what may be expected of every service, and its alerts. */
export function objectiveProblems({ services }: PlatformProps): Problem[] {
  return [
    ...services.flatMap((service) => [
      ...ownerProblems(service),
      ...requestProblems(service, 'objectives', service.objectives),
      ...operationProblems(service),
      ...freshnessProblems(service),
      ...service.alerts.flatMap((alert) => alertProblems(service, alert)),
    ]),
    ...duplicateProblems(
      services.flatMap(({ alerts }) => alerts.map(({ name }) => name)),
      (name) => `Alert '${name}'`,
      'names of alerts must be unique',
      'rename one of them in its service.ts',
    ),
  ];
}

function ownerProblems(service: AnyService): Problem[] {
  if (RFC1123_LABEL.test(service.owner)) return [];
  const rule = 'owner must be a lower-case RFC 1123 label that starts with a letter';
  return [problemOf(service, rule, quoted(service.owner))];
}

function requestProblems(
  service: AnyService,
  field: string,
  objectives: RequestObjectives,
): Problem[] {
  const { latencyP95Ms, latencyP99Ms } = objectives;
  const bounds = (['latencyP95Ms', 'latencyP99Ms'] as const).flatMap((name) =>
    BOUNDS_MS.includes(objectives[name])
      ? []
      : [
          problemOf(
            service,
            `${field}.${name} must be a bound of the histograms (${BOUNDS_MS.join(', ')})`,
            objectives[name],
          ),
        ],
  );
  const rule = `${field}.latencyP95Ms must not exceed ${field}.latencyP99Ms (${latencyP99Ms})`;
  const inverted = latencyP95Ms <= latencyP99Ms ? [] : [problemOf(service, rule, latencyP95Ms)];
  const share = percentProblems(
    service,
    `${field}.availabilityPercent`,
    objectives.availabilityPercent,
  );
  return [...share, ...bounds, ...inverted];
}

function percentProblems(service: AnyService, field: string, percent: number): Problem[] {
  const [least, most] = AVAILABILITY_RANGE_PERCENT;
  if (percent >= least && percent <= most) return [];
  return [problemOf(service, `${field} must be ${least} to ${most}`, percent)];
}

function operationProblems(service: AnyService): Problem[] {
  const { operations = {}, ...objectives } = service.objectives;
  const known = (service.contract?.methods ?? []).map(({ localName }) => localName);
  const unknown = Object.keys(operations).filter((name) => !known.includes(name));
  const rule = `objectives.operations must be methods of its contract (${quotedList(known)})`;
  return [
    ...(unknown.length === 0 ? [] : [problemOf(service, rule, quotedList(unknown))]),
    ...Object.entries(operations).flatMap(([name, own]) =>
      requestProblems(service, `objectives.operations.${name}`, { ...objectives, ...own }),
    ),
  ];
}

function freshnessProblems(service: AnyService): Problem[] {
  const { freshness = [] } = service.objectives;
  const names = freshness.map(({ name }) => name);
  return [
    ...freshness.flatMap((objective) => freshnessProblemsOf(service, objective)),
    ...(new Set(names).size === names.length
      ? []
      : [problemOf(service, 'names in objectives.freshness must be unique', quotedList(names))]),
  ];
}

function freshnessProblemsOf(service: AnyService, objective: FreshnessObjective): Problem[] {
  const field = `objectives.freshness.${objective.name}`;
  const { consumerLagAge, outboxOldestAge } = METRIC_REGISTRY;
  const { age } = objective;
  const emitted =
    (age !== consumerLagAge.name || service.consumes.length > 0) &&
    (age !== outboxOldestAge.name || service.publishes.length > 0);
  return [
    ...metricProblems(service, `${field}.age`, age, ['gauge']),
    ...(emitted
      ? []
      : [
          problemOf(
            service,
            `${field}.age must be a metric that it emits, and this one is of those who consume or publish`,
            quoted(age),
          ),
        ]),
    ...percentProblems(service, `${field}.percent`, objective.percent),
    ...integerProblem(
      `Service '${service.name}'`,
      `${field}.withinSeconds`,
      objective.withinSeconds,
      AGE_RANGE_SECONDS,
      `set it in ${serviceFile(service.name)}`,
    ),
  ];
}

function alertProblems(service: AnyService, alert: AlertDeclaration): Problem[] {
  const field = `alerts.${alert.name}`;
  return [
    ...(ALERT_NAME.test(alert.name)
      ? []
      : [problemOf(service, 'names of alerts must be in CamelCase', quoted(alert.name))]),
    ...metricProblems(service, `${field}.metric`, alert.metric, ['gauge', 'counter']),
    ...integerProblem(
      `Service '${service.name}'`,
      `${field}.minutes`,
      alert.minutes,
      MINUTES_RANGE,
      `set it in ${serviceFile(service.name)}`,
    ),
  ];
}

/** The types say it too, to whom the compiler is asked. */
function metricProblems(
  service: AnyService,
  field: string,
  name: string,
  kinds: readonly MetricKind[],
): Problem[] {
  const metric = Object.values(METRIC_REGISTRY).find((each) => each.name === name);
  if (metric !== undefined && kinds.includes(metric.kind)) return [];
  const rule = `${field} must be a ${kinds.join(' or ')} of language/metrics.ts`;
  return [problemOf(service, rule, metric === undefined ? quoted(name) : `a ${metric.kind}`)];
}

function problemOf(service: AnyService, rule: string, given: string | number): Problem {
  const fix = `set it in ${serviceFile(service.name)}`;
  return { subject: `Service '${service.name}'`, rule, given, fix };
}
