import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';

/** A JSON Schema, as far as it is looked into for what a cloud would answer. */
export interface CloudSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, CloudSchema>>;
  readonly required?: readonly string[];
  readonly items?: CloudSchema;
  readonly enum?: readonly unknown[];
}

/** What is declared of one type of resource. */
export interface CloudType {
  readonly inputs: CloudSchema;
  /** What is required of them is there as soon as the resource is made. */
  readonly outputs: CloudSchema;
  /** Outputs that are secret, whatever they follow from. */
  readonly secrets: readonly string[];
}

/** A generated file: the types of one package, and what they refer to. */
interface CloudFile {
  /** The package and version that it is from. */
  readonly source: string;
  readonly types: Readonly<Record<string, CloudType>>;
  readonly definitions: Readonly<Record<string, CloudSchema>>;
}

/** Provider packages of clouds that a rehearsal stands in for. */
export const CLOUD_PACKAGES = ['aws', 'cloudflare', 'random'] as const;

const files = new Map<string, CloudFile>();
const validators = new Map<string, ValidateFunction>();
const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  // The schemas are generated, and a test compiles every one.
  validateSchema: false,
  strictTypes: false,
  strictRequired: false,
  allowUnionTypes: true,
  // Each validator runs a few times in the life of a process; compiling is what takes time.
  code: { optimize: false },
});

/**
 * What is known of a type, undefined where nothing is.
 *
 * @param token such as 'aws:ec2/subnet:Subnet'
 */
export function cloudType(token: string): CloudType | undefined {
  return cloudFile(packageOf(token))?.types[token];
}

/** The validator of a type's inputs, compiled when it is first asked for; undefined for an unknown type. */
export function inputsValidator(token: string): ValidateFunction | undefined {
  const known = validators.get(token);
  if (known !== undefined) return known;
  const type = cloudType(token);
  if (type === undefined) return undefined;
  const compiled = ajv.compile(type.inputs);
  validators.set(token, compiled);
  return compiled;
}

/** A schema, or what it refers to. */
export function referredTo(schema: CloudSchema): CloudSchema {
  const { $ref } = schema;
  if ($ref === undefined) return schema;
  const [file = '', name = ''] = $ref.split('.json#/definitions/');
  return cloudFile(file)?.definitions[name] ?? {};
}

/** Every type that there is a schema of. */
export function knownCloudTypes(): readonly string[] {
  return CLOUD_PACKAGES.flatMap((name) => Object.keys(cloudFile(name)?.types ?? {}));
}

/** Where a package's schemas are from, with the version. */
export function cloudSource(name: string): string {
  return cloudFile(name)?.source ?? 'nothing';
}

/** The package of a type. */
function packageOf(token: string): string {
  return token.split(':')[0] ?? '';
}

function cloudFile(name: string): CloudFile | undefined {
  if (!CLOUD_PACKAGES.some((known) => known === name)) return undefined;
  const known = files.get(name);
  if (known !== undefined) return known;
  const place = path.join(import.meta.dirname, 'gen', `${name}.json`);
  const file = JSON.parse(readFileSync(place, 'utf8')) as CloudFile;
  files.set(name, file);
  ajv.addSchema({ $id: `${name}.json`, definitions: file.definitions });
  return file;
}
