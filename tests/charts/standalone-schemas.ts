import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where the generated schemas are. */
const GENERATED = path.join(import.meta.dirname, '../../providers/rehearsal/schemas/gen');

/** Without it, some tools take a schema for one of draft 4. */
const $schema = 'https://json-schema.org/draft/2019-09/schema';

/** Where another part of such a file is. */
const REFERENCE = /"\$ref":"#\/\$defs\/([a-z-]+\.json)\/definitions\/([^"/]+)"/g;

/** What is read of a generated file. */
interface SchemaFile {
  readonly kinds: Readonly<Record<string, object>>;
  readonly definitions: Readonly<Record<string, object>>;
}

/** Definitions by the file that has them. */
type Definitions = Readonly<Record<string, Pick<SchemaFile, 'definitions'>>>;

/**
 * Writes the schema of each kind into a file of its own, together with all that it refers to at whatever distance:
 * `<group>/<kind in lower case>_<version>.json`. For other tools the version is also the group of
 * Kubernetes' first kinds.
 */
export function writeStandaloneSchemas(folder: string): void {
  const files = readdirSync(GENERATED)
    .filter((name) => name !== 'index.json')
    .map((name) => {
      const text = readFileSync(path.join(GENERATED, name), 'utf8');
      // A reference within a file names it as one from another file does.
      const named = text.replaceAll('"$ref":"#', `"$ref":"${name}#`);
      const within = named.replaceAll(/"\$ref":"([a-z-]+\.json)#/g, '"$ref":"#/$defs/$1');
      return [name, JSON.parse(within) as SchemaFile] as const;
    });
  const all = Object.fromEntries(files.map(([name, { definitions }]) => [name, { definitions }]));
  for (const [kind, schema] of files.flatMap(([, { kinds }]) => Object.entries(kinds))) {
    const parts = kind.split('/');
    const [name = '', version = ''] = parts.toReversed();
    const target = path.join(folder, parts[0] ?? '', `${name.toLowerCase()}_${version}.json`);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, JSON.stringify({ $schema, ...schema, $defs: referredTo(schema, all) }));
  }
}

/** Readers compile all that a file has: with every definition of every kind in each, that would be a hundred times as much. */
function referredTo(schema: object, all: Definitions): Definitions {
  const found: Record<string, { readonly definitions: Record<string, object> }> = {};
  const visit = (text: string): void => {
    for (const [, file = '', name = ''] of text.matchAll(REFERENCE)) {
      const definition = all[file]?.definitions[name];
      if (definition === undefined) throw new Error(`Nothing is defined at ${file}#${name}`);
      const { definitions } = (found[file] ??= { definitions: {} });
      if (definitions[name] !== undefined) continue;
      definitions[name] = definition;
      visit(JSON.stringify(definition));
    }
  };
  visit(JSON.stringify(schema));
  return found;
}
