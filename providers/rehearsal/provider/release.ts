import { createHash } from 'node:crypto';
import { changesBetween } from './detailed-diff.ts';
import { helmTemplate } from './helm-template.ts';
import type { Helm, LocalRelease, Rendered } from './helm-template.ts';
import { replacesRelease } from './immutable-fields.ts';
import { asSecret, hasUnknown, isRecord, MASK, masked, revealed } from './property-values.ts';
import type { Properties } from './property-values.ts';
import { releaseProblems } from './release-inputs.ts';
import { memberAt, REHEARSAL } from './rehearsed-resource.ts';
import type { RehearsedResource } from './rehearsed-resource.ts';

/** Type token of a Helm release. */
export const RELEASE_TYPE = 'kubernetes:helm.sh/v3:Release';

/** What stands for secrets while a chart is rendered for people: plain YAML wherever it lands. */
const STAND_IN = 'secret-value-of-the-release';

/** Objects of a release by what tells them apart, such as 'ConfigMap catalog'. */
type Manifests = Readonly<Record<string, Properties>>;

/**
 * A Helm release: a chart that is at hand is rendered by Helm, where there is one; any other is taken by name, version
 * and values.
 *
 * @param folder where Pulumi runs the program, from which charts' paths are told
 */
export function release(folder: string, helm?: Helm): RehearsedResource {
  const template = helm === undefined ? undefined : helmTemplate(folder, helm);
  const rendered = (inputs: Properties): Rendered | undefined =>
    template === undefined || !isLocal(inputs) ? undefined : template(localRelease(inputs));
  return {
    check: (inputs) => {
      const problems = releaseProblems(inputs);
      const made = problems.length > 0 ? undefined : rendered(inputs);
      return {
        inputs,
        problems: made !== undefined && 'problem' in made ? [`chart: ${made.problem}`] : problems,
      };
    },
    changes: (before, inputs) => {
      const ofInputs = changesBetween(before.inputs, inputs).map((change) => ({
        ...change,
        replaces: replacesRelease(change.path),
        ofInputs: true,
      }));
      const manifest = manifestsOf(rendered(inputs));
      const ofManifest = changesBetween(before.outputs['manifest'], manifest, ['manifest']).map(
        (change) => ({ ...change, replaces: false, ofInputs: false }),
      );
      return [...ofInputs, ...ofManifest];
    },
    refusals: () => [],
    id: (inputs) => `${text(inputs, 'namespace')}/${text(inputs, 'name')}`,
    outputs: (inputs) => {
      const manifest = manifestsOf(rendered(inputs));
      return {
        ...inputs,
        ...(manifest === undefined ? {} : { manifest }),
        status: {
          name: text(inputs, 'name'),
          namespace: text(inputs, 'namespace'),
          status: 'rehearsed',
          version: text(inputs, 'version'),
        },
        rehearsal: REHEARSAL,
      };
    },
  };
}

function localRelease(inputs: Properties): LocalRelease {
  return {
    name: text(inputs, 'name'),
    namespace: text(inputs, 'namespace'),
    chart: text(inputs, 'chart'),
    values: valuesOf(masked(inputs, STAND_IN)),
  };
}

/** What a release is made of, as people may see it; undefined where that cannot be known. */
function manifestsOf(rendered: Rendered | undefined): Manifests | undefined {
  if (rendered === undefined || !('objects' in rendered)) return undefined;
  return Object.fromEntries(
    rendered.objects
      .map((object) => [objectKey(object), shown(object)] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** Whether its objects can be known: its chart is at hand, and all its inputs are known. */
function isLocal(inputs: Properties): boolean {
  return /^[./]/.test(text(inputs, 'chart')) && !hasUnknown(inputs);
}

function objectKey(object: Properties): string {
  const name = memberAt(object, ['metadata', 'name']);
  return `${String(object['kind'])} ${typeof name === 'string' ? name : ''}`;
}

function shown(object: Properties): Properties {
  if (object['kind'] === 'CustomResourceDefinition') return definitionShown(object);
  const visible = withStandInMasked(object) as Properties;
  if (object['kind'] !== 'Secret') return visible;
  return Object.fromEntries(
    Object.entries(visible).map(([field, value]) => [
      field,
      field === 'data' || field === 'stringData' ? masked(asSecret(value)) : value,
    ]),
  );
}

/** A definition without its schemas, which are thousands of lines; that one has changed is told by its digest. */
function definitionShown(definition: Properties): Properties {
  const versions = memberAt(definition, ['spec', 'versions']);
  if (!Array.isArray(versions)) return definition;
  const shortened = versions.filter(isRecord).map(({ schema, ...version }) => ({
    ...version,
    schemaDigest: createHash('sha256').update(JSON.stringify(schema)).digest('hex').slice(0, 12),
  }));
  const { spec, ...others } = definition;
  return { ...others, spec: { ...(isRecord(spec) ? spec : {}), versions: shortened } };
}

function withStandInMasked(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(STAND_IN, MASK);
  if (Array.isArray(value)) return value.map(withStandInMasked);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withStandInMasked(member)]),
  );
}

function valuesOf(inputs: unknown): Properties {
  const values = isRecord(inputs) ? inputs['values'] : undefined;
  return isRecord(values) ? values : {};
}

function text(inputs: Properties, field: string): string {
  const value = revealed(inputs[field]);
  return typeof value === 'string' ? value : '';
}
