import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import type { JsonSchema, Schemas } from '../manifest-schemas/json-schema.ts';
import { CLOUD_TYPES } from './cloud-types.ts';
import { DeclaredTypes, parsed } from './declared-types.ts';

/** Folder of what a rehearsal knows of clouds, from the program's root. */
export const CLOUD_SCHEMAS_FOLDER = 'providers/rehearsal/clouds/gen';

/** What a package declares of one type of resource. */
interface CloudTypeSchema {
  readonly inputs: JsonSchema;
  /** What is required of them is there as soon as the resource is made. */
  readonly outputs: JsonSchema;
  /** Outputs that are secret, whatever they follow from. */
  readonly secrets: readonly string[];
}

const require = createRequire(import.meta.url);

/**
 * What the installed packages of clouds declare of the types that the platform makes, as texts of files by their names; it
 * needs no network.
 */
export function cloudSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(CLOUD_TYPES).map(([name, types]) => [`${name}.json`, schemasOf(name, types)]),
  );
}

/** Writes them into a folder, from which everything else is removed. */
export function generateCloudSchemas(folder: string): void {
  const texts = cloudSchemas();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(texts)) writeFileSync(path.join(folder, file), text);
}

function schemasOf(name: string, classes: readonly string[]): string {
  const manifest = require.resolve(`@pulumi/${name}/package.json`);
  const folder = path.dirname(manifest);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  const read = (file: string): string =>
    existsSync(path.join(folder, file)) ? readFileSync(path.join(folder, file), 'utf8') : '';
  const declared = new DeclaredTypes(
    name,
    { inputs: read('types/input.d.ts'), outputs: read('types/output.d.ts') },
    (enumeration) => valuesOf(folder, enumeration),
  );
  const types = classes.map((className) => {
    const [module, file] = placeOf(className);
    return typeOf(declared, className.split('.').at(-1) ?? '', {
      declarations: read(path.join(module, `${file}.d.ts`)),
      code: read(path.join(module, `${file}.js`)),
    });
  });
  return linesOf(`npm package @pulumi/${name} ${version}`, {
    types: Object.fromEntries(types),
    definitions: declared.definitions,
  });
}

/** A class is in a file of its name, whose first letter is small. */
function placeOf(className: string): readonly [module: string, file: string] {
  const parts = className.split('.');
  const name = parts.at(-1) ?? '';
  return [parts.slice(0, -1).join('/'), `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`];
}

function typeOf(
  declared: DeclaredTypes,
  className: string,
  { declarations, code }: { readonly declarations: string; readonly code: string },
): readonly [token: string, type: CloudTypeSchema] {
  const { statements } = parsed(declarations);
  const args = statements.find(
    (one) => ts.isInterfaceDeclaration(one) && one.name.text === `${className}Args`,
  ) as ts.InterfaceDeclaration | undefined;
  const made = statements.find(
    (one) => ts.isClassDeclaration(one) && one.name?.text === className,
  ) as ts.ClassDeclaration | undefined;
  const token = /__pulumiType = '([^']+)'/.exec(code)?.[1];
  if (args === undefined || made === undefined || token === undefined) {
    throw new Error(`Class '${className}': its package declares no such resource`);
  }
  return [
    token,
    {
      inputs: declared.ofMembers([...args.members]),
      outputs: declared.ofMembers([...made.members]),
      secrets: JSON.parse(
        /additionalSecretOutputs: (\[[^\]]*\])/.exec(code)?.[1] ?? '[]',
      ) as string[],
    },
  ];
}

/** The values of an enumeration, which the package has in its code. */
function valuesOf(folder: string, name: string): readonly unknown[] | undefined {
  const enums: unknown = require(path.join(folder, 'types/enums/index.js'));
  const found = name
    .split('.')
    .reduce<unknown>((place, key) => (place as Readonly<Record<string, unknown>>)[key], enums);
  return typeof found === 'object' && found !== null ? Object.values(found) : undefined;
}

/** JSON with a line for each type and definition, so that a difference shows which one it is in. */
function linesOf(
  source: string,
  { types, definitions }: { readonly types: object; readonly definitions: Schemas },
): string {
  const lines = (members: object): string =>
    Object.entries(members)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${JSON.stringify(member)}`)
      .join(',\n');
  return `{"source":${JSON.stringify(source)},\n"types":{\n${lines(types)}\n},\n"definitions":{\n${lines(definitions)}\n}}\n`;
}
