import { fieldsOf, textOf } from '@meridian/policies/fields.ts';
import type { StepMetadata } from '../meridian/rehearsal/engine-events.ts';
import type { PricedResource } from './charges.ts';

/** The resources of a stack before a preview or after it, and the region of their provider. */
export interface ResourcesOfSteps {
  readonly resources: readonly PricedResource[];
  /** Undefined where no provider of AWS says one. */
  readonly region: string | undefined;
}

/** What the steps of a preview say that there was, or that there will be. */
export function resourcesOfSteps(
  steps: readonly StepMetadata[],
  side: 'old' | 'new',
): ResourcesOfSteps {
  const states = steps.flatMap((step) => {
    const state = step[side];
    const isThere = side === 'old' ? step.op !== 'create' : step.op !== 'delete';
    return isThere && state !== null && state !== undefined ? [{ ...step, state }] : [];
  });
  const byUrn = new Map(
    states.map(({ urn, type, state }) => [urn, { type, inputs: fieldsOf(state.inputs) }]),
  );
  const entries = [...byUrn].map(([urn, { type, inputs }]) => ({
    type,
    name: urn.split('::').slice(3).join('::'),
    inputs,
  }));
  return { resources: entries, region: regionOf(entries) };
}

/** Of a provider that the program makes; the engine tells of no other, so else it is the region of a zone. */
function regionOf(resources: readonly PricedResource[]): string | undefined {
  const told = resources
    .filter(({ type }) => type === 'pulumi:providers:aws')
    .map(({ inputs }) => textOf(inputs['region']));
  const ofZones = resources.map(({ inputs }) =>
    textOf(inputs['availabilityZone']).replace(/[a-z]$/, ''),
  );
  return [...told, ...ofZones].find(Boolean);
}
