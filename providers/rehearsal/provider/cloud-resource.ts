import { cloudOutputs } from '../clouds/cloud-outputs.ts';
import { cloudProblems } from '../clouds/cloud-problems.ts';
import { withProvider } from '../clouds/of-provider.ts';
import { changesBetween } from './detailed-diff.ts';
import { replacementOf } from './immutable-fields.ts';
import { withoutSecrets } from './manifest-problems.ts';
import { masked, revealed } from './property-values.ts';
import type { Properties } from './property-values.ts';
import type { RehearsedResource } from './rehearsed-resource.ts';

/** Said by every output of a cloud's resource, so that nobody takes it for the cloud's. */
export const CLOUD_REHEARSAL = 'This is a rehearsal: no cloud was asked, and nothing was made.';

/** A resource of a cloud where there is no account: what its package and the tables of clouds/ say of it is all that is known. */
export function cloudResource(urn: string): RehearsedResource {
  const [, , types = '', name = ''] = urn.split('::');
  const token = types.split('$').at(-1) ?? '';
  const problemsOf = (value: unknown) => cloudProblems(token, value as Properties);
  return {
    check: (inputs, provider = {}) => ({
      inputs: withProvider(token, inputs, provider),
      problems: withoutSecrets(problemsOf(revealed(inputs)), () => problemsOf(masked(inputs))),
    }),
    changes: (before, inputs) =>
      changesBetween(before.inputs, inputs).map((change) => ({
        ...change,
        replaces:
          replacementOf(token, change.path, { before: before.inputs, after: inputs }) ===
          'replaced',
        ofInputs: true,
      })),
    refusals: () => [],
    id: () => `${token}/${name}`,
    outputs: (inputs, unsaid) => ({
      ...cloudOutputs(token, `${token}/${name}`, inputs, unsaid),
      rehearsal: CLOUD_REHEARSAL,
    }),
    fillsIn: true,
  };
}
