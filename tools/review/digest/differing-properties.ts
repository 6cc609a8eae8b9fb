import { isDeepStrictEqual } from 'node:util';
import { changesBetween } from '@meridian/provider-rehearsal/provider/detailed-diff.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { partsOfUrn } from '../../meridian/rehearsal/engine-events.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { valueAt } from '../../meridian/rehearsal/value-at.ts';
import { normalInputs } from './normal-inputs.ts';
import { plannedInputs, UNKNOWN } from './planned-inputs.ts';

/** In what two runs of one program differ. */
export interface Differing {
  /** Such as 'release-redis: values.podAnnotations'; three at most. */
  readonly properties: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}

const SHOWN = 3;

/**
 * What two runs of one program give its resources, compared where both know it. A program that draws lots, asks the clock or looks
 * around deploys something else than what was reviewed.
 */
export function differingProperties(
  one: readonly StepMetadata[],
  other: readonly StepMetadata[],
): Differing {
  const [first, second] = [inputsByUrn(one), inputsByUrn(other)];
  const urns = [...new Set([...first.keys(), ...second.keys()])].toSorted();
  const properties = urns.flatMap((urn) => {
    const { name } = partsOfUrn(urn);
    if (!first.has(urn) || !second.has(urn)) return [`${name}: only one run declares it`];
    return changesBetween(first.get(urn), second.get(urn))
      .map(({ path }) => pathText(path))
      .filter((path) => isKnown(first.get(urn), path) && isKnown(second.get(urn), path))
      .map((path) => `${name}: ${path}`);
  });
  return { properties: properties.slice(0, SHOWN), count: properties.length };
}

function inputsByUrn(steps: readonly StepMetadata[]): ReadonlyMap<string, unknown> {
  return new Map(
    steps
      .filter(({ op }) => op !== 'delete')
      .map(({ urn, type, new: state }) => [
        urn,
        plannedInputs(normalInputs(type, state?.inputs ?? {})),
      ]),
  );
}

function isKnown(inputs: unknown, path: string): boolean {
  const parents = [...path.matchAll(/(?=[.[])/g)].map(({ index }) => path.slice(0, index));
  return [...parents, path].every((at) => !isDeepStrictEqual(valueAt(inputs, at), UNKNOWN));
}
