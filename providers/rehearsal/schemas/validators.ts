import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { SchemaObject, ValidateFunction } from 'ajv';
import { formats } from './formats.ts';
import { fileOfKind, filesOfKinds, generatedFile } from './known-kinds.ts';
import { growShape, noShape, usedSchema } from './used-schema.ts';
import type { Definitions, Shape } from './used-schema.ts';

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

/** What of a kind has been compiled, and for objects of which shape. */
const validators = new Map<
  string,
  { readonly shape: Shape; compiled: number; validate?: ValidateFunction }
>();

/** How often a part of a kind's schema is compiled before all of it is. */
const MOST_PARTS = 4;

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
 * The validator of a kind; undefined for an unknown kind. It is compiled when it is first asked for, and a few times again for an
 * object that uses what of the schema none before did: of most kinds objects use a small part.
 *
 * @param kind such as 'batch/v1/Job'
 * @param object what it is to be asked of @default any object
 */
export function validatorOf(kind: string, object?: object): ValidateFunction | undefined {
  const name = fileOfKind(kind);
  if (name === undefined) return undefined;
  const schema = schemaFile(name).kinds[kind] ?? {};
  if (object === undefined) return ajv.compile({ allOf: [NAMED, schema] });
  const known = validators.get(kind) ?? { shape: noShape(), compiled: 0 };
  validators.set(kind, known);
  // Whole by now: its objects differ too much.
  if (known.compiled > MOST_PARTS && known.validate !== undefined) return known.validate;
  const found = { schema, definitions: definitionsSeenFrom(name) };
  const isNew = growShape(known.shape, object, found);
  if (isNew || known.validate === undefined) {
    known.compiled += 1;
    const used = known.compiled > MOST_PARTS ? schema : usedSchema(known.shape, found);
    known.validate = ajv.compile({ allOf: [NAMED, used] });
  }
  return known.validate;
}

/** References are to the same file where they name none: 'kubernetes.json#/definitions/x'. */
function definitionsSeenFrom(file: string): Definitions {
  return (reference) => {
    const [place = '', definition = ''] = reference.split('#/definitions/');
    const name = place === '' ? file : place.slice(0, -'.json'.length);
    return {
      schema: schemaFile(name).definitions[definition] ?? {},
      definitions: definitionsSeenFrom(name),
    };
  };
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
