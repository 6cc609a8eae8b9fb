import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import type { SchemaObject, ValidateFunction } from 'ajv';
import { formats } from './formats.ts';

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

/** By `apiVersion/kind`, the name of the generated file that has it. */
const index = JSON.parse(readFileSync(fileOf('index'), 'utf8')) as Readonly<Record<string, string>>;

/** Every kind that there is a schema of, as `apiVersion/kind`. */
export const knownKinds: readonly string[] = Object.keys(index);

/**
 * The validator of a kind, compiled when it is first asked for; undefined for an unknown kind.
 *
 * @param kind such as 'batch/v1/Job'
 */
export function validatorOf(kind: string): ValidateFunction | undefined {
  const name = index[kind];
  if (name === undefined) return undefined;
  const known = validators.get(kind);
  if (known) return known;
  const compiled = ajv.compile({ allOf: [NAMED, schemaFile(name).kinds[kind] ?? {}] });
  validators.set(kind, compiled);
  return compiled;
}

/**
 * Whether a kind is one of Kubernetes' own, and no operator's.
 *
 * @param kind such as 'batch/v1/Job'
 */
export function isKubernetesOwn(kind: string): boolean {
  return index[kind] === 'kubernetes';
}

/** The API versions in which kinds of this name are served. */
export function kindsNamed(kind: string): readonly string[] {
  return knownKinds
    .filter((known) => known.endsWith(`/${kind}`))
    .map((known) => known.slice(0, -kind.length - 1));
}

/** Where the schemas are from, with versions. */
export function schemaSources(): readonly string[] {
  return [...new Set(Object.values(index))].map((name) => schemaFile(name).source);
}

/** Schemas of operators refer to those of Kubernetes. */
function schemaFile(name: string): SchemaFile {
  const known = files.get(name);
  if (known) return known;
  const file = JSON.parse(readFileSync(fileOf(name), 'utf8')) as SchemaFile;
  files.set(name, file);
  ajv.addSchema({ $id: `${name}.json`, definitions: file.definitions });
  if (name !== 'kubernetes') schemaFile('kubernetes');
  return file;
}

function fileOf(name: string): string {
  return path.join(import.meta.dirname, 'gen', `${name}.json`);
}
