import { existsSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { ChartError, readChart } from '../chart/read-chart.ts';
import type { LocalChart } from '../chart/read-chart.ts';
import { mergedValues, renderChart } from '../chart/render-chart.ts';
import { changesBetween } from './detailed-diff.ts';
import { isBelow } from './immutable-fields.ts';
import { pathText } from './property-path.ts';
import { problemsOf as problemsOfObject, withoutSecrets } from './manifest-problems.ts';
import { asSecret, hasUnknown, isRecord, MASK, masked, revealed } from './property-values.ts';
import type { Properties } from './property-values.ts';
import type { Problem } from '../schemas/problem.ts';
import { releaseProblems } from './release-inputs.ts';
import { memberAt, REHEARSAL } from './rehearsed-resource.ts';
import type { RehearsedResource } from './rehearsed-resource.ts';

/** Type token of a Helm release. */
export const RELEASE_TYPE = 'kubernetes:helm.sh/v3:Release';

/** What stands for secrets while a chart is rendered for people: plain YAML wherever it lands. */
const STAND_IN = 'secret-value-of-the-release';

/** Another release comes in place of one of another name; anything else is an upgrade. */
const IMMUTABLE = ['name', 'namespace'];

/** Objects of a release by what tells them apart, such as 'ConfigMap catalog'. */
type Manifests = Readonly<Record<string, Properties>>;

/**
 * A Helm release: a chart in a folder is rendered and its objects are checked; a chart of somebody
 * else's is taken by name, version and values, its archive too if one is kept.
 *
 * @param folder where Pulumi runs the program, from which charts' paths are told
 */
export function release(folder: string): RehearsedResource {
  return {
    check: (inputs) => ({ inputs, problems: problemsOf(folder, inputs) }),
    changes: (before, inputs) => {
      const ofInputs = changesBetween(before.inputs, inputs).map((change) => ({
        ...change,
        replaces: isBelow(change.path, IMMUTABLE),
        ofInputs: true,
      }));
      const manifest = manifestsOf(folder, inputs);
      const ofManifest = changesBetween(before.outputs['manifest'], manifest, ['manifest']).map(
        (change) => ({ ...change, replaces: false, ofInputs: false }),
      );
      return [...ofInputs, ...ofManifest];
    },
    refusals: () => [],
    id: (inputs) => `${text(inputs, 'namespace')}/${text(inputs, 'name')}`,
    outputs: (inputs) => {
      const manifest = manifestsOf(folder, inputs);
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

function problemsOf(folder: string, inputs: Properties): readonly string[] {
  const problems = releaseProblems(inputs);
  const chartPlace = text(inputs, 'chart');
  if (isArchive(chartPlace) && !existsSync(path.resolve(folder, chartPlace))) {
    return [...problems, `chart: must be an archive that is there, got none at '${chartPlace}'`];
  }
  if (problems.length > 0 || !isRendered(inputs)) return problems;
  try {
    const chart = readChart(path.resolve(folder, chartPlace));
    const version = text(inputs, 'version');
    const found = (given: unknown) => {
      const values = mergedValues(chart.values, valuesOf(given));
      return [...schemaProblems(chart, values), ...objectProblems(renderChart(chart, values))];
    };
    return [
      ...(version === '' || version === chart.version
        ? []
        : [`version: must be that of the chart, '${chart.version}', got '${version}'`]),
      ...withoutSecrets(found(revealed(inputs)), () => found(masked(inputs, STAND_IN))),
    ];
  } catch (error) {
    if (error instanceof ChartError) return [`chart: ${error.message}`];
    throw error;
  }
}

/** Helm holds values against the schema that their chart brings. */
function schemaProblems(chart: LocalChart, values: Properties): readonly Problem[] {
  if (chart.schema === undefined) return [];
  const validate = new Ajv({ strict: false, allErrors: true }).compile(chart.schema);
  if (validate(values)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => ({
    path: `values${instancePath.replaceAll('/', '.')}`,
    message,
  }));
}

function objectProblems(objects: readonly Properties[]): readonly Problem[] {
  return objects.flatMap((object) =>
    problemsOfObject(object).map(({ path: property, message }) => ({
      path: pathText(['manifest', objectKey(object)]) + (property === '' ? '' : `.${property}`),
      message,
    })),
  );
}

/**
 * What the release is made of, as people may see it; undefined for a chart of somebody else's, and
 * for one that cannot be rendered, which its check has told.
 */
function manifestsOf(folder: string, inputs: Properties): Manifests | undefined {
  if (!isRendered(inputs)) return undefined;
  try {
    const chart = readChart(path.resolve(folder, text(inputs, 'chart')));
    const values = mergedValues(chart.values, valuesOf(masked(inputs, STAND_IN)));
    return Object.fromEntries(
      renderChart(chart, values)
        .map((object) => [objectKey(object), shown(object)] as const)
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
  } catch (error) {
    if (error instanceof ChartError) return undefined;
    throw error;
  }
}

/** Whether its objects can be known: its chart is in a folder, and so are all its inputs known. */
function isRendered(inputs: Properties): boolean {
  const chart = text(inputs, 'chart');
  return isLocal(chart) && !isArchive(chart) && !hasUnknown(inputs);
}

/** Whether a chart is a path, seen from where Pulumi runs the program. */
function isLocal(chart: string): boolean {
  return /^[./]/.test(chart);
}

/** Whether it is the archive of somebody else's, which is kept and installed as it is. */
function isArchive(chart: string): boolean {
  return isLocal(chart) && chart.endsWith('.tgz');
}

function objectKey(object: Properties): string {
  const name = memberAt(object, ['metadata', 'name']);
  return `${String(object['kind'])} ${typeof name === 'string' ? name : ''}`;
}

function shown(object: Properties): Properties {
  const visible = withStandInMasked(object) as Properties;
  if (object['kind'] !== 'Secret') return visible;
  return Object.fromEntries(
    Object.entries(visible).map(([field, value]) => [
      field,
      field === 'data' || field === 'stringData' ? masked(asSecret(value)) : value,
    ]),
  );
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
