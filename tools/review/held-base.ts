import { CodedError } from '@meridian/language/coded-error.ts';
import type { Finding } from './finding.ts';
import { deployedBase } from './rehearsals.ts';
import type { KeptBase, RehearsalPlace } from './rehearsals.ts';
import type { PreparedTree } from './trees/prepared-tree.ts';

/** What a head is held against. */
export interface HeldBase {
  /** Absent where the base has no such stack, or cannot be made. */
  readonly base?: KeptBase;
  /** Why it is absent. */
  readonly problems: readonly Finding[];
}

/** A base in a rehearsal; without one a head is reviewed against nothing, and that is told. */
export async function heldBase(place: RehearsalPlace, base: PreparedTree): Promise<HeldBase> {
  try {
    return { base: await deployedBase(place, base), problems: [] };
  } catch (cause) {
    if (!(cause instanceof CodedError) || cause.code !== 'REHEARSAL_REFUSED') throw cause;
    return { problems: [absence(place.stack, cause)] };
  }
}

function absence(stack: string, { message, problems }: CodedError): Finding {
  const subject = `stack ${stack}`;
  const common = { subject, among: 'stacks', from: { declaration: subject } };
  if (message.includes('STACK_UNKNOWN')) {
    return {
      ...common,
      kind: 'stack-new',
      consequence: 'the base has no such stack; all of it is new',
    };
  }
  return {
    ...common,
    kind: 'base-unusable',
    consequence: `the base cannot be made, so nothing is compared: ${problems[0] ?? message}`,
  };
}
