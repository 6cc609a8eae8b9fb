import { brokenRules } from '../../meridian/rehearsal/broken-rules.ts';
import type { BrokenRule } from '../../meridian/rehearsal/broken-rules.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import type { Finding } from '../finding.ts';
import { missingIn } from './aspect.ts';

/** What rules say of a change. */
export interface RuleFindings {
  /** Of what the base does not have. */
  readonly findings: readonly Finding[];
  /** How many problems the base has already, by rule. */
  readonly olderViolations: Readonly<Record<string, number>>;
}

/**
 * Holds both sides of a preview against every rule: what only the head breaks is told, and what was broken before is counted.
 *
 * @param held URNs of what was protected before the preview
 */
export function ruleFindings(
  steps: readonly StepMetadata[],
  held: ReadonlySet<string>,
): RuleFindings {
  const before = brokenRules(steps.flatMap((step) => baseOf(step, held)));
  const after = brokenRules(steps);
  const added = missingIn(after.map(keyOf), before.map(keyOf));
  const older = Map.groupBy(before, ({ rule }) => rule);
  return {
    findings: after
      .filter((broken) => added.includes(keyOf(broken)))
      .map(({ rule, statement, problem }) => {
        const [object = problem, ...words] = problem.split(': ');
        const [wrong = statement, reason = statement] = words.join(': ').split('; ');
        return {
          kind: 'policy-broken',
          subject: object,
          among: 'objects',
          property: rule,
          after: wrong,
          consequence: reason,
        };
      }),
    olderViolations: Object.fromEntries(
      [...older].map(([rule, problems]) => [rule, problems.length] as const).toSorted(),
    ),
  };
}

/** A resource as the base has it, in the form of one that is to be. */
function baseOf(step: StepMetadata, held: ReadonlySet<string>): readonly StepMetadata[] {
  const { old } = step;
  if (old === null || old === undefined) return [];
  const isProtected = old.protect === true || held.has(old.urn ?? step.urn);
  return [{ ...step, op: 'same', new: { ...old, protect: isProtected } }];
}

function keyOf({ rule, problem }: BrokenRule): string {
  return `${rule} ${problem}`;
}
