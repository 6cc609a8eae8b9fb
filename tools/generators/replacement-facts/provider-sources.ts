import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { goTokens } from './go-expression.ts';
import { snakeOf } from './source-attributes.ts';
import type { Declaration, ProviderPackage } from './source-attributes.ts';

/** A type of Terraform's, as its provider's source declares it. */
export interface DeclaredType {
  readonly source: ProviderPackage;
  /** The function or method that gives its schema. */
  readonly schema: string;
  /** The method that may say of a plan that it replaces, of a type of the framework. */
  readonly plan?: string;
}

/**
 * terraform-provider-aws as terraform-provider-aws-index has it: each declaration is a file of its own,
 * `index/internal/service/PACKAGE/KIND.NAME.goindex`, so lines are those of the declaration.
 */
export class AwsIndex {
  readonly #services: string;
  readonly #types = new Map<string, DeclaredType>();
  readonly version: string;

  constructor(folder: string) {
    const index = path.join(folder, 'index');
    this.#services = path.join(index, 'internal/service');
    const { version } = JSON.parse(
      readFileSync(path.join(index, 'terraform-provider-aws-index.json'), 'utf8'),
    ) as { readonly version: string };
    this.version = version.replace(/^v/, '');
    for (const service of readdirSync(this.#services)) this.#keep(service);
  }

  /** A type such as 'aws_msk_cluster'. Throws Error for one that none of the services here has. */
  type(name: string): DeclaredType {
    const type = this.#types.get(name);
    if (type === undefined) throw new Error(`No service of terraform-provider-aws has '${name}'`);
    return type;
  }

  #keep(service: string): void {
    const source = packageOfIndex(path.join(this.#services, service), service);
    for (const method of ['SDKResources', 'FrameworkResources']) {
      const code = source.declaration(`servicePackage.${method}`)?.code ?? '';
      const types = /Factory:\s+(\w+),\s+TypeName:\s+"(\w+)"/g;
      for (const [, factory = '', name = ''] of code.matchAll(types)) {
        this.#types.set(name, declaredBy(source, factory, method === 'FrameworkResources'));
      }
    }
  }
}

function declaredBy(source: ProviderPackage, factory: string, isOfFramework: boolean) {
  if (!isOfFramework) return { source, schema: factory };
  const made = /&(\w+)\{/.exec(source.declaration(factory)?.code ?? '')?.[1] ?? '';
  const type = methodsOf(source, made);
  return { source, schema: `${type}.Schema`, plan: `${type}.ModifyPlan` };
}

/** A type that embeds another has its methods. */
function methodsOf(source: ProviderPackage, type: string): string {
  if (source.declaration(`${type}.Schema`) !== undefined) return type;
  const code = source.declaration(`type ${type}`)?.code ?? '';
  const embedded = [...code.matchAll(/^\t(\w+)$/gm)].map(([, name = '']) => name);
  return embedded.find((name) => source.declaration(`${name}.Schema`) !== undefined) ?? type;
}

function packageOfIndex(folder: string, service: string): ProviderPackage {
  return {
    declaration: (name) => {
      const file = ['func', 'method', 'var', 'type']
        .map((kind) => `${kind}.${name.replace(/^type /, '')}.goindex`)
        .map((one) => path.join(folder, one))
        .find((one) => existsSync(one));
      if (file === undefined) return undefined;
      const lines = readFileSync(file, 'utf8').split('\n');
      // The package and its imports come first.
      const start = lines[1]?.startsWith('import (') === true ? lines.indexOf(')') + 1 : 1;
      return {
        code: lines.slice(start).join('\n'),
        at: (line) => (line === 0 ? `${service} ${name}` : `${service} ${name}:${String(line)}`),
      };
    },
  };
}

/** A file of Go, of which each function is a declaration; lines are those of the file. */
export function packageOfFile(file: string, place: string): ProviderPackage {
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  return {
    declaration: (name) => {
      const start = lines.findIndex(
        (line) =>
          line.startsWith(`func ${name}(`) || new RegExp(`^func \\(.*\\) ${name}\\(`).test(line),
      );
      if (start === -1) return undefined;
      const end = lines.findIndex((line, index) => index > start && line === '}');
      // Lines before it stay, as empty ones, so that each is where it is in the file.
      const code = `${'\n'.repeat(start)}${lines.slice(start, end + 1).join('\n')}`;
      return {
        code,
        at: (line) => (line === 0 ? place : `${place}:${String(line)}`),
      } satisfies Declaration;
    },
  };
}

/** Plans that decide without a table of schemas, and of which there are conditions. */
const LOOKED_AT: ReadonlySet<string> = new Set(['ec2 securityGroupRuleResource.ModifyPlan']);

/** What a type's own code may force beside its schema: attributes by the names of Terraform, with where. */
export function forcedByCode({ source, schema, plan }: DeclaredType): ReadonlyMap<string, string> {
  const forced = new Map<string, string>();
  const seen = new Set<string>();
  const look = (name: string): void => {
    const declaration = seen.has(name) ? undefined : source.declaration(name);
    if (declaration === undefined) return;
    seen.add(name);
    const code = name === schema ? customized(declaration.code) : declaration.code;
    const tokens = goTokens(code);
    tokens.forEach((token, index) => {
      if (token.kind !== 'word') return;
      const isForced = /(?:^|\.)(?:ForceNew|ForceNewIf|ForceNewIfChange|ForceNewIfChanged)$/;
      const isCall = tokens[index + 1]?.text === '(';
      if (isForced.test(token.text) && isCall) {
        const given = tokens.slice(index + 2, index + 6).find(isName);
        if (given !== undefined) forced.set(attributeName(given.text), declaration.at(token.line));
      } else if (/(?:^|\.)[a-z]\w*$/.test(token.text) && !token.text.includes('.'))
        look(token.text);
    });
  };
  look(schema);
  const planned = plan === undefined ? undefined : source.declaration(plan);
  if (planned?.code.includes('RequiresReplace') === true && !LOOKED_AT.has(planned.at(0))) {
    throw new Error(
      `'${planned.at(0)}' decides by itself what it replaces: write a condition for it, and name it here`,
    );
  }
  return forced;
}

/** The part of a schema's function that looks at a whole change; the rest as empty lines. */
function customized(code: string): string {
  const lines = code.split('\n');
  const start = lines.findIndex((line) => line.startsWith('\t\tCustomizeDiff:'));
  if (start === -1) return '';
  const end =
    lines[start]?.endsWith(',') === true
      ? start
      : lines.findIndex((line, index) => index > start && /^\t\t[)}].*,$/.test(line));
  return lines.map((line, index) => (index >= start && index <= end ? line : '')).join('\n');
}

function isName({ kind, text }: { readonly kind: string; readonly text: string }): boolean {
  return kind === 'text' || text.startsWith('names.Attr');
}

function attributeName(text: string): string {
  const constant = /^names\.Attr(\w+)$/.exec(text)?.[1];
  return constant === undefined ? text : snakeOf(constant);
}
