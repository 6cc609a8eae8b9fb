import { fieldsOf } from '@meridian/policies/fields.ts';
import { clusterObject } from '@meridian/policies/cluster-object.ts';
import { allowanceToday, violationsOf, violationText } from '@meridian/policies/judge.ts';
import type { ClusterObject } from '@meridian/policies/rule.ts';
import { RULES } from '@meridian/policies/rules.ts';
import { visible } from './changed-properties.ts';
import type { EventState, StepMetadata } from './engine-events.ts';
import { rememberedOf } from './remembered.ts';

/** A rule of policies/ that what is to be made would break. */
export interface BrokenRule {
  /** Its id. */
  readonly rule: string;
  /** What must hold. */
  readonly statement: string;
  /** Who breaks it, how, what comes of it and where it is put right. */
  readonly problem: string;
}

type Objects = Map<string, ClusterObject | undefined>;

/** By whose they are, the objects that rules know of some inputs: most are the same before and after a change. */
const objectsOf = rememberedOf((_inputs: object): Objects => new Map());

function objectOf({ type, urn }: StepMetadata, state: EventState): readonly ClusterObject[] {
  const { inputs = {}, protect: isProtected = false } = state;
  const objects = objectsOf(inputs);
  const whose = `${urn} ${isProtected}`;
  if (!objects.has(whose)) {
    const name = urn.split('::').slice(3).join('::');
    // Rules quote what they find.
    const props = fieldsOf(visible(inputs));
    objects.set(whose, clusterObject({ type, name, props, isProtected }));
  }
  return [objects.get(whose) ?? []].flat();
}

/** Holds what a stack would consist of against every rule, as the policy pack does where Pulumi's engine runs it. */
export function brokenRules(steps: readonly StepMetadata[]): readonly BrokenRule[] {
  const objects = steps.flatMap((step) =>
    step.op === 'delete' || step.new === null || step.new === undefined
      ? []
      : objectOf(step, step.new),
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
