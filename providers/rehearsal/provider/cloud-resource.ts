import { changesBetween } from './detailed-diff.ts';
import { REHEARSAL } from './rehearsed-resource.ts';
import type { RehearsedResource } from './rehearsed-resource.ts';

/** Provider packages of clouds that a rehearsal stands in for. */
export const CLOUD_PACKAGES = ['aws', 'cloudflare', 'random'] as const;

/**
 * A resource of a cloud where there is no account: it is told apart by its URN, and what the cloud would choose is said by
 * the name of the property.
 */
export function cloudResource(urn: string): RehearsedResource {
  const identity = urn.split('::').slice(2).join('/');
  return {
    check: (inputs) => ({ inputs, problems: [] }),
    changes: (before, inputs) =>
      changesBetween(before.inputs, inputs).map((change) => ({
        ...change,
        replaces: false,
        ofInputs: true,
      })),
    refusals: () => [],
    id: () => identity,
    outputs: (inputs) => ({ ...inputs, arn: `rehearsal:${identity}`, rehearsal: REHEARSAL }),
  };
}
