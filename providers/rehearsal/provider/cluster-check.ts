import { changesBetween } from './detailed-diff.ts';
import { REHEARSAL } from './rehearsed-resource.ts';
import type { RehearsedResource } from './rehearsed-resource.ts';

/** The check of a cluster where there is none: whatever is asked of it is taken as so. */
export const clusterCheck: RehearsedResource = {
  // The way to the cluster is no more kept than by the provider itself.
  check: (given) => ({
    inputs: Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'access')),
    problems: [],
  }),
  changes: (before, inputs) =>
    changesBetween(before.inputs, inputs).map((change) => ({
      ...change,
      replaces: false,
      ofInputs: true,
    })),
  refusals: () => [],
  id: () => 'cluster',
  outputs: (inputs) => ({ ...inputs, rehearsal: REHEARSAL }),
};
