import { fieldsOf } from '@meridian/policies/fields.ts';
import { clusterObject } from '@meridian/policies/cluster-object.ts';
import { allowanceToday, violationsOf, violationText } from '@meridian/policies/judge.ts';
import { RULES } from '@meridian/policies/rules.ts';
import { visible } from './changed-properties.ts';
import type { StepMetadata } from './engine-events.ts';

/** A rule of policies/ that what is to be made would break. */
export interface BrokenRule {
  /** Its id. */
  readonly rule: string;
  /** What must hold. */
  readonly statement: string;
  /** Who breaks it, how, what comes of it and where it is put right. */
  readonly problem: string;
}

/** Holds what a stack would consist of against every rule, as the policy pack does where Pulumi's engine runs it. */
export function brokenRules(steps: readonly StepMetadata[]): readonly BrokenRule[] {
  const objects = steps.flatMap(({ op, type, urn, new: state }) =>
    op === 'delete' || state === null || state === undefined
      ? []
      : (clusterObject({
          type,
          name: urn.split('::').slice(3).join('::'),
          // Rules quote what they find.
          props: fieldsOf(visible(state.inputs ?? {})),
          isProtected: state.protect ?? false,
        }) ?? []),
  );
  const allowance = allowanceToday();
  return RULES.flatMap((rule) =>
    violationsOf(rule, objects, allowance).map((violation) => ({
      rule: rule.id,
      statement: rule.statement,
      problem: violationText(violation),
    })),
  );
}
