import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** A Helm chart in a folder. */
export interface LocalChart {
  readonly name: string;
  readonly version: string;
  /** Content of values.yaml. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Content of values.schema.json, if there is one. */
  readonly schema: object | undefined;
  /** Templates by their path in the chart, sorted. */
  readonly templates: Readonly<Record<string, string>>;
}

/** A chart that a rehearsal cannot read or does not understand; the message names the file. */
export class ChartError extends Error {
  override readonly name = 'ChartError';
}

/** What a chart may consist of beside templates. */
const KNOWN = new Set([
  'Chart.yaml',
  'values.yaml',
  'values.schema.json',
  'templates',
  '.helmignore',
]);

/** Reads a chart. Throws ChartError for one with parts that a rehearsal does not render. */
export function readChart(folder: string): LocalChart {
  if (!existsSync(path.join(folder, 'Chart.yaml'))) {
    throw new ChartError('must be a folder with a Chart.yaml, got one without');
  }
  const unknown = readdirSync(folder).filter((entry) => !KNOWN.has(entry));
  if (unknown.length > 0) {
    throw new ChartError(
      `must consist of ${[...KNOWN].join(', ')} to be rehearsed, got ${unknown.toSorted().join(', ')}`,
    );
  }
  const { name, version, dependencies } = yamlObject(folder, 'Chart.yaml');
  if (typeof name !== 'string' || typeof version !== 'string') {
    throw new ChartError("Chart.yaml must have the texts 'name' and 'version'");
  }
  if (dependencies !== undefined) {
    throw new ChartError('Chart.yaml must have no dependencies to be rehearsed');
  }
  const schemaFile = path.join(folder, 'values.schema.json');
  return {
    name,
    version,
    values: existsSync(path.join(folder, 'values.yaml')) ? yamlObject(folder, 'values.yaml') : {},
    schema: existsSync(schemaFile)
      ? (JSON.parse(readFileSync(schemaFile, 'utf8')) as object)
      : undefined,
    templates: readTemplates(folder),
  };
}

function readTemplates(folder: string): Readonly<Record<string, string>> {
  const below = path.join(folder, 'templates');
  if (!existsSync(below)) return {};
  const files = readdirSync(below, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(below, file)).isFile())
    .toSorted();
  const foreign = files.filter((file) => !/\.ya?ml$/.test(file));
  if (foreign.length > 0) {
    throw new ChartError(`templates must be YAML files to be rehearsed, got ${foreign.join(', ')}`);
  }
  return Object.fromEntries(
    files.map((file) => [`templates/${file}`, readFileSync(path.join(below, file), 'utf8')]),
  );
}

function yamlObject(folder: string, file: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = parse(readFileSync(path.join(folder, file), 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Readonly<Record<string, unknown>>;
  }
  throw new ChartError(`${file} must be an object`);
}
