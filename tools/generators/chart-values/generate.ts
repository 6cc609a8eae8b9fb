/**
 * Writes which values charts of others read, from folders into which they are unpacked (`helm pull --untar`):
 *
 *     node tools/generators/chart-values/generate.ts FOLDER…
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { valueTree } from './value-tree.ts';

/** What is read of a Chart.yaml. */
interface Chart {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: readonly { readonly name: string; readonly alias?: string }[];
}

const GENERATED = path.join(
  import.meta.dirname,
  '../../../components/kubernetes/chart-values/gen/chart-values.json',
);

/** Before its release, the values of Envoy Gateway's chart have placeholders for images. */
const VALUES_FILES = ['values.yaml', 'values.tmpl.yaml'];

const charts = new Map<string, unknown>(
  Object.entries(JSON.parse(readFileSync(GENERATED, 'utf8')) as object),
);
for (const folder of process.argv.slice(2)) {
  const { name, version, dependencies = [] } = parse(read(folder, 'Chart.yaml')) as Chart;
  const values = VALUES_FILES.find((file) => existsSync(path.join(folder, file)));
  if (values === undefined) throw new Error(`The chart in ${folder} has no ${VALUES_FILES[0]}`);
  const schema = existsSync(path.join(folder, 'values.schema.json'))
    ? { schema: JSON.parse(read(folder, 'values.schema.json')) as unknown }
    : {};
  const templates = globSync('templates/**/*.{yaml,tpl,txt}', { cwd: folder }).toSorted();
  const tree = valueTree({
    values: parse(read(folder, values).replaceAll(/\$\{[A-Za-z]+\}/g, 'placeholder')),
    ...schema,
    dependencies: dependencies.map((dependency) => dependency.alias ?? dependency.name),
    templates: templates.map((file) => read(folder, file)),
  });
  charts.set(name, { version, values: tree });
  process.stdout.write(`${name} ${version}\n`);
}
// A line each, so that a difference shows which chart has changed.
const lines = [...charts]
  .toSorted(([one], [other]) => (one < other ? -1 : 1))
  .map(([name, chart]) => `${JSON.stringify(name)}: ${JSON.stringify(chart)}`);
writeFileSync(GENERATED, `{\n${lines.join(',\n')}\n}\n`);

function read(folder: string, file: string): string {
  return readFileSync(path.join(folder, file), 'utf8');
}
