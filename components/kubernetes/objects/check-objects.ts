import { CodedError } from '@meridian/language/coded-error.ts';
import { describeProblem } from '../../model/validate/problem.ts';
import { chartValueProblems } from '../chart-values/chart-value-problems.ts';
import type { KubernetesPart } from '../manifest.ts';
import { textsNamed } from './object-problem.ts';
import type { ObjectProblem, ObjectRule } from './object-problem.ts';
import { quantityFormProblems } from './quantity-form.ts';
import { quantityRule } from './quantity-problems.ts';
import { cronJobRule } from './schedule-problems.ts';

/** Kubernetes' own classes. Source: Kubernetes, "Guaranteed Scheduling For Critical Add-On Pods". */
const SYSTEM_CLASSES = ['system-cluster-critical', 'system-node-critical'];

/** Where a noun is made real, if its folder has another name. */
const FOLDERS: Readonly<Record<string, string>> = {
  externals: 'external',
  rollouts: 'service',
  services: 'service',
  tasks: 'task',
};

/** Something that rules look at, such as 'CronJob books', and the noun that has it. */
interface Subject {
  readonly noun: string;
  readonly name: string;
  readonly problems: readonly ObjectProblem[];
}

/**
 * Holds every object and chart of a stack against what schemas do not say: what a cluster or an operator would
 * refuse only when it runs, ignore, or take for something else.
 *
 * @param parts all that is made of a stack, by noun
 * @param rules those of the engines, beside those for Kubernetes' own kinds
 * @throws {CodedError} OBJECTS_INVALID with every problem
 */
export function checkObjects(
  parts: Readonly<Record<string, KubernetesPart>>,
  rules: readonly ObjectRule[],
): void {
  const problems = subjects(parts, [...rules, cronJobRule, quantityRule]).flatMap(
    ({ noun, name, problems: found }) =>
      found.map(({ property, rule, given }) =>
        describeProblem({
          subject: name,
          rule: `${property} ${rule}`,
          given,
          fix: `set it in components/${FOLDERS[noun] ?? noun}`,
        }),
      ),
  );
  if (problems.length > 0)
    throw new CodedError('OBJECTS_INVALID', problems.join('\n'), { problems });
}

function subjects(
  parts: Readonly<Record<string, KubernetesPart>>,
  rules: readonly ObjectRule[],
): Subject[] {
  const steps = Object.entries(parts).flatMap(([noun, part]) =>
    part.steps.map((step) => ({ noun, ...step })),
  );
  const objects = steps.flatMap(({ noun, manifests = [] }) =>
    manifests.map((object) => ({ noun, object })),
  );
  const classes = [
    ...SYSTEM_CLASSES,
    ...objects
      .filter(({ object }) => object.kind === 'PriorityClass')
      .map(({ object }) => object.metadata.name),
  ];
  const ofAny = (value: object) => [
    ...classProblems(value, classes),
    ...quantityFormProblems(value),
  ];
  return [
    ...objects.map(({ noun, object }) => ({
      noun,
      name: `Object '${object.kind} ${object.metadata.name}'`,
      problems: [...rules.flatMap((rule) => rule(object)), ...ofAny(object)],
    })),
    ...steps.flatMap(({ noun, charts = [] }) =>
      charts.map((chart) => ({
        noun,
        name: `Chart '${chart.name}'`,
        problems: [...chartValueProblems(chart), ...ofAny(chart.values)],
      })),
    ),
  ];
}

/** A pod of a class that is not there is refused when it is made, long after the object that makes it. */
function classProblems(value: object, classes: readonly string[]): readonly ObjectProblem[] {
  return textsNamed('priorityClassName', value)
    .filter(([, given]) => given !== '' && !classes.includes(given))
    .map(([property, given]) => ({
      property,
      rule: `must be a class that there is (${classes.map((name) => `'${name}'`).join(', ')})`,
      given: `'${given}'`,
    }));
}
