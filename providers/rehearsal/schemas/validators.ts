import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { SchemaObject, ValidateFunction } from 'ajv';
import { formats } from './formats.ts';
import { fileOfKind, filesOfKinds, generatedFile } from './known-kinds.ts';

/** A generated file: the schemas of kinds by `apiVersion/kind`, and of what they refer to. */
interface SchemaFile {
  /** The module and version that it is from. */
  readonly source: string;
  readonly kinds: Readonly<Record<string, SchemaObject>>;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
}

/** What the schemas leave to the server: an object has a name. */
const NAMED: SchemaObject = {
  required: ['apiVersion', 'kind', 'metadata'],
  properties: { metadata: { required: ['name'] } },
};

const files = new Map<string, SchemaFile>();
const validators = new Map<string, ValidateFunction>();
const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  formats,
  // Patterns are of Go's regexp, which knows escapes that the flag `u` refuses.
  unicodeRegExp: false,
  // The schemas are generated, and a test compiles every one.
  validateSchema: false,
  strictTypes: false,
  strictRequired: false,
  // Each validator runs a few times in the life of a process; compiling is what takes time.
  code: { optimize: false },
});

/**
 * The validator of a kind, compiled when it is first asked for; undefined for an unknown kind.
 *
 * @param kind such as 'batch/v1/Job'
 */
export function validatorOf(kind: string): ValidateFunction | undefined {
  const name = fileOfKind(kind);
  if (name === undefined) return undefined;
  const known = validators.get(kind);
  if (known) return known;
  const compiled = ajv.compile({ allOf: [NAMED, schemaFile(name).kinds[kind] ?? {}] });
  validators.set(kind, compiled);
  return compiled;
}

/** Where the schemas are from, with versions. */
export function schemaSources(): readonly string[] {
  return filesOfKinds.map((name) => schemaFile(name).source);
}

/** Schemas of operators refer to those of Kubernetes. */
function schemaFile(name: string): SchemaFile {
  const known = files.get(name);
  if (known) return known;
  const file = JSON.parse(readFileSync(generatedFile(name), 'utf8')) as SchemaFile;
  files.set(name, file);
  ajv.addSchema({ $id: `${name}.json`, definitions: file.definitions });
  if (name !== 'kubernetes') schemaFile('kubernetes');
  return file;
}
