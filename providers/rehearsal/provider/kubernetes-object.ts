import { changesBetween } from './detailed-diff.ts';
import { forcesReplacement } from './immutable-fields.ts';
import { manifestProblems } from './manifest-problems.ts';
import { asSecret, isRecord, revealed } from './property-values.ts';
import type { Properties } from './property-values.ts';
import { refusedChanges } from './refused-changes.ts';
import { memberAt, REHEARSAL } from './rehearsed-resource.ts';
import type { RehearsedResource } from './rehearsed-resource.ts';

/** What is secret of a Secret, whoever declares it. */
const SECRET_FIELDS = ['data', 'stringData'] as const;

/** An object of a cluster, of Kubernetes' own kinds or of an operator's. */
export const kubernetesObject: RehearsedResource = {
  check: (given) => {
    const inputs = withSecretsMarked(given);
    return { inputs, problems: manifestProblems(inputs) };
  },
  changes: (before, inputs) =>
    changesBetween(before.inputs, inputs).map((change) => ({
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

function withSecretsMarked(inputs: Properties): Properties {
  const { apiVersion, kind } = kindOf(inputs);
  if (apiVersion !== 'v1' || kind !== 'Secret') return inputs;
  const marked = SECRET_FIELDS.filter((field) => isRecord(inputs[field])).map(
    (field) => [field, asSecret(inputs[field])] as const,
  );
  return { ...inputs, ...Object.fromEntries(marked) };
}

function kindOf(inputs: Properties): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion: String(inputs['apiVersion']), kind: String(inputs['kind']) };
}

function text(inputs: Properties, field: string): string {
  const value = revealed(memberAt(inputs, ['metadata', field]));
  return typeof value === 'string' ? value : '';
}
