import { changesBetween } from './detailed-diff.ts';
import { forcesReplacement } from './immutable-fields.ts';
import { manifestProblems } from './manifest-problems.ts';
import { normalisedSecret, withoutEmptyMembers } from './normal-form.ts';
import { isSecret, revealed } from './property-values.ts';
import type { Properties } from './property-values.ts';
import { refusedChanges } from './refused-changes.ts';
import { memberAt, REHEARSAL } from './rehearsed-resource.ts';
import type { RehearsedResource } from './rehearsed-resource.ts';

/** An object of a cluster, of Kubernetes' own kinds or of an operator's. */
export const kubernetesObject: RehearsedResource = {
  check: (given) => {
    const marked = normalisedSecret(given);
    return {
      inputs: withoutEmptyMembers(marked),
      // The schema of a kind is compiled where somebody asks what is wrong.
      get problems() {
        return manifestProblems(marked);
      },
    };
  },
  changes: (before, inputs) =>
    changesBetween(comparable(before.inputs), comparable(inputs)).map((change) => ({
      ...change,
      replaces: forcesReplacement(kindOf(inputs), change.path),
      ofInputs: true,
    })),
  refusals: (before, inputs) => refusedChanges(before.inputs, inputs),
  id: (inputs) => {
    const namespace = text(inputs, 'namespace');
    const name = text(inputs, 'name');
    return namespace === '' ? name : `${namespace}/${name}`;
  },
  outputs: (inputs) => ({ ...inputs, rehearsal: REHEARSAL }),
};

/** What of a Secret differs is told by its keys, without a value. */
function comparable(inputs: Properties): Properties {
  const { data } = inputs;
  return isSecret(data) ? { ...inputs, data: data.value } : inputs;
}

function kindOf(inputs: Properties): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion: String(inputs['apiVersion']), kind: String(inputs['kind']) };
}

function text(inputs: Properties, field: string): string {
  const value = revealed(memberAt(inputs, ['metadata', field]));
  return typeof value === 'string' ? value : '';
}
