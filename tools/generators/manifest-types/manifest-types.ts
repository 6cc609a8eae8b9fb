import type { JsonSchema, Schemas } from '../manifest-schemas/json-schema.ts';
import { typeText } from './type-text.ts';

/** What is read of a generated file of schemas. */
export interface SchemaFile {
  /** Module and version. */
  readonly source: string;
  /** By `apiVersion/kind`. */
  readonly kinds: Schemas;
  readonly definitions: Schemas;
}

/** The file of Kubernetes itself, to which the others refer. */
const KUBERNETES = 'kubernetes';

/** What types of kinds are made with. */
const HELPERS = `/** What is said of an object that is one of its own. */
export type NamedMeta = ObjectMeta & { readonly name: string };

/** An object as part of another, such as a claim of a StatefulSet: it need not say its kind. */
export type Embedded<Kind extends { readonly apiVersion: string; readonly kind: string }> = Omit<
  Kind,
  'apiVersion' | 'kind' | 'metadata'
> &
  Partial<Pick<Kind, 'apiVersion' | 'kind'>> & { readonly metadata?: ObjectMeta };
`;

/**
 * TypeScript of all kinds that there are schemas of, and of what they are made of: a text for each file of schemas, and
 * an index with the union of all kinds. Of a kind that is served in several versions it has the stable one.
 *
 * @param files by the name of the file, without its ending
 */
export function manifestTypes(
  files: Readonly<Record<string, SchemaFile>>,
): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(
      Object.entries(files).map(([name, file]) => [
        `${name}.ts`,
        name === KUBERNETES ? kubernetesText(file) : operatorText(file),
      ]),
    ),
    'index.ts': indexText(files),
  };
}

/** A kind in the version in which it is typed. */
interface Kind {
  readonly apiVersion: string;
  readonly name: string;
  /** Of the whole object. */
  readonly schema: JsonSchema;
}

function kindsOf({ kinds, definitions }: SchemaFile): readonly Kind[] {
  const all = Object.entries(kinds).map(([key, schema]): Kind => {
    const at = key.lastIndexOf('/');
    const { $ref: reference = '' } = schema as { readonly $ref?: string };
    const [, definition = ''] = reference.split(DEFINITIONS);
    return {
      apiVersion: key.slice(0, at),
      name: key.slice(at + 1),
      schema: definitions[definition] ?? schema,
    };
  });
  const isStable = ({ apiVersion }: Kind): boolean => !/v\d+(alpha|beta)\d+$/.test(apiVersion);
  return all.filter((kind) => {
    const versions = all.filter(({ name }) => name === kind.name);
    return kind === (versions.find(isStable) ?? versions[0]);
  });
}

const DEFINITIONS = '#/definitions/';

/** Parts of Kubernetes' kinds are types that writers of objects name. */
function kubernetesText(file: SchemaFile): string {
  const kinds = kindsOf(file);
  const isKind = (called: string): boolean => kinds.some(({ name }) => name === called);
  const nameOf = (reference: string): string => {
    const called = typeName(reference);
    return isKind(called) ? `Embedded<${called}>` : called;
  };
  const parts = Object.entries(file.definitions)
    .filter(([definition]) => !isKind(typeName(definition)))
    .map(([definition, schema]) => exported(typeName(definition), typeText(schema, nameOf)));
  return [headOf(file), HELPERS, ...parts, ...kinds.map((kind) => kindText(kind, nameOf))].join(
    '\n',
  );
}

/** Parts of an operator's kinds are named after a property and their content, and are nobody else's business. */
function operatorText(file: SchemaFile): string {
  const shared = new Set(['NamedMeta']);
  const nameOf = (reference: string): string => {
    const called = typeName(reference);
    if (reference.startsWith(`${KUBERNETES}.json`)) shared.add(called);
    return called;
  };
  const parts = Object.entries(file.definitions).map(([definition, schema]) =>
    declared(typeName(definition), typeText(schema, nameOf)),
  );
  const texts = [...parts, ...kindsOf(file).map((kind) => kindText(kind, nameOf))];
  const imported = `import type { ${[...shared].toSorted().join(', ')} } from './${KUBERNETES}.ts';\n`;
  return [headOf(file), imported, ...texts].join('\n');
}

/** An object of its own has a name, and a spec where its kind knows one; of a namespace that says nothing. */
function kindText(
  { apiVersion, name, schema }: Kind,
  nameOf: (reference: string) => string,
): string {
  const own = {
    apiVersion: { enum: [apiVersion] },
    kind: { enum: [name] },
    metadata: { $ref: `${DEFINITIONS}NamedMeta` },
  };
  const properties = { ...own, ...schema.properties, ...own };
  const spec = name === 'Namespace' ? [] : ['spec'];
  const required = [...Object.keys(own), ...spec, ...(schema.required ?? [])];
  return exported(name, typeText({ ...schema, properties, required }, nameOf));
}

function indexText(files: Readonly<Record<string, SchemaFile>>): string {
  const kinds = Object.entries(files)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, file]) => [name, kindsOf(file).map((kind) => kind.name)] as const);
  return [
    '// Generated by `npm run generate:schemas`.\n',
    ...kinds.map(([name, ofFile]) => `import type { ${ofFile.join(', ')} } from './${name}.ts';`),
    '',
    ...kinds.map(([name]) => `export type * from './${name}.ts';`),
    '\n/** Any kind that there is a type of. */',
    `export type AnyKind =\n${kinds.flatMap(([, ofFile]) => ofFile.map((kind) => `  | ${kind}`)).join('\n')};\n`,
  ].join('\n');
}

function headOf({ source }: SchemaFile): string {
  return `// Generated from ${source} by \`npm run generate:schemas\`.\n`;
}

/** `kubernetes.json#/definitions/io.k8s.api.core.v1.PodSpec` is `PodSpec`. */
function typeName(reference: string): string {
  const name =
    reference
      .slice(reference.lastIndexOf('.') + 1)
      .split('/')
      .at(-1) ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/\W/g, '');
}

function declared(name: string, text: string): string {
  return `type ${name} = ${text};\n`;
}

function exported(name: string, text: string): string {
  return `export ${declared(name, text)}`;
}
