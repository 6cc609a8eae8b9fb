import type { EventState, StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { replacingProperties } from '../../meridian/rehearsal/replacing-properties.ts';
import { canonicalDigest } from './canonical-digest.ts';
import { normalInputs } from './normal-inputs.ts';
import { plannedInputs } from './planned-inputs.ts';

/** What is to happen to a resource, as it is approved. */
export interface PlannedOperation {
  readonly urn: string;
  /** As the engine names it: 'create', 'update', 'replace', 'delete', 'same', … */
  readonly op: string;
  /** The URN that it has had, where an alias names it. */
  readonly formerUrn?: string;
  /** Properties for which another resource comes in its place, sorted. */
  readonly replacing: readonly string[];
  readonly isProtected: boolean;
  /** The provider that makes it, by its URN: an id of a provider is drawn by lot. */
  readonly provider?: string;
  /** What it is given, with marks for secrets and for what only an update will know; absent where it goes away. */
  readonly inputs?: unknown;
  /** By which inputs are told apart. */
  readonly inputDigest?: string;
}

/**
 * What a preview would do, sorted by URN.
 *
 * @param steps of the head over what the base deployed: the operations
 * @param fromNothing of the head from nothing, with every output unknown: what resources are given. @default the steps'
 */
export function operationsOf(
  steps: readonly StepMetadata[],
  fromNothing: readonly StepMetadata[] = steps,
): readonly PlannedOperation[] {
  const given = new Map(fromNothing.map(({ urn, new: state }) => [urn, state]));
  return steps
    .map((step) => operationOf(step, given.get(step.urn) ?? step.new))
    .toSorted((one, other) => (one.urn < other.urn ? -1 : 1));
}

function operationOf(step: StepMetadata, given: EventState | null | undefined): PlannedOperation {
  const { urn, op, old, new: wanted } = step;
  const inputs =
    op === 'delete' ? undefined : plannedInputs(normalInputs(step.type, given?.inputs ?? {}));
  const provider = wanted?.provider?.replace(/::[^:]*$/, '');
  return {
    urn,
    op,
    ...(old?.urn === undefined || old.urn === urn ? {} : { formerUrn: old.urn }),
    replacing: replacingProperties(step),
    isProtected: wanted?.protect ?? false,
    ...(provider === undefined || provider === '' ? {} : { provider }),
    ...(inputs === undefined ? {} : { inputs, inputDigest: canonicalDigest(inputs) }),
  };
}
