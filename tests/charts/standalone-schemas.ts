import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where the generated schemas are. */
const GENERATED = path.join(import.meta.dirname, '../../providers/rehearsal/schemas/gen');

/** Without it, some tools take a schema for one of draft 4. */
const $schema = 'https://json-schema.org/draft/2019-09/schema';

/** What is read of a generated file. */
interface SchemaFile {
  readonly kinds: Readonly<Record<string, object>>;
  readonly definitions: Readonly<Record<string, object>>;
}

/**
 * Writes the schema of each kind into a file of its own, together with all that it may refer to:
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
  const $defs = Object.fromEntries(files.map(([name, { definitions }]) => [name, { definitions }]));
  for (const [kind, schema] of files.flatMap(([, { kinds }]) => Object.entries(kinds))) {
    const parts = kind.split('/');
    const [name = '', version = ''] = parts.toReversed();
    const target = path.join(folder, parts[0] ?? '', `${name.toLowerCase()}_${version}.json`);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, JSON.stringify({ $schema, ...schema, $defs }));
  }
}
