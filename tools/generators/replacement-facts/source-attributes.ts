import { goLiterals, goTokens, goValueAt } from './go-expression.ts';
import type { GoExpression, GoLiteral, GoToken } from './go-expression.ts';

/**
 * When another value makes another resource: always; only where the program still gives one; only where the whole block comes or
 * goes; or by a condition of the provider's, which nobody knows without it.
 */
export type When = 'always' | 'given' | 'block' | 'condition';

/** What a provider's source says of an attribute. */
export interface SourceAttribute {
  /** Undefined for one that changes in place. */
  readonly replaced?: { readonly when: When; readonly at: string };
  /** Attributes of a block, or of each of several. */
  readonly nested?: SourceAttributes;
}

/** Attributes by the names that Terraform gives them. */
export type SourceAttributes = Readonly<Record<string, SourceAttribute>>;

/** The program text of a function, method or variable, and where it is. */
export interface Declaration {
  readonly code: string;
  /** The place of a line of it, for people. */
  at(line: number): string;
}

/** Where declarations of a package of a provider are found. */
export interface ProviderPackage {
  /** A function, method ('Type.Method') or variable, undefined for one that is not of the package. */
  declaration(name: string): Declaration | undefined;
}

/** A block may hold blocks of its own kind, such as statements of a firewall. */
const MOST_LEVELS = 8;

/** What the source says of the attributes of a type. Throws Error where it is written in a way that is not read here. */
export function attributesOf(source: ProviderPackage, schema: string): SourceAttributes {
  const attributes = new SchemaReader(source).ofDeclaration(schema, 0);
  if (Object.keys(attributes).length === 0) throw new Error(`No attributes in '${schema}'`);
  return attributes;
}

class SchemaReader {
  readonly #source: ProviderPackage;

  constructor(source: ProviderPackage) {
    this.#source = source;
  }

  /** Of a function or variable that gives attributes, or a resource with such. */
  ofDeclaration(name: string, level: number): SourceAttributes {
    const declaration = this.#source.declaration(name);
    if (declaration === undefined) throw new Error(`'${name}' is not declared in the package`);
    return this.#ofTokens(bodyOf(declaration), declaration, level);
  }

  #ofTokens(tokens: readonly GoToken[], of: Declaration, level: number): SourceAttributes {
    const isOfResource = /(?:^|\.)(?:Resource|Schema)$/;
    const isMap = /^map\[string\](?:\*schema\.Schema|schema\.(?:Attribute|Block))$/;
    const [first, ...rest] = goLiterals(
      tokens,
      (type) => isMap.test(type) || isOfResource.test(type),
    ).filter((literal) => isMap.test(literal.type) || isWhole(literal));
    if (first === undefined) {
      const given = tokens.findIndex(({ text }, index) => {
        return text === '=' && tokens[index - 1]?.text.endsWith('.Schema') === true;
      });
      if (given === -1) throw new Error(`No attributes in ${of.at(0)}`);
      return this.#ofValue(goValueAt(tokens, given + 1), of, level);
    }
    if (!isMap.test(first.type)) return this.#ofResource(first, of, level);
    const maps = [first, ...rest.filter(({ type }) => isMap.test(type))];
    return Object.assign({}, ...maps.map((map) => this.#ofMap(map, of, level))) as SourceAttributes;
  }

  #ofResource(resource: GoLiteral, of: Declaration, level: number): SourceAttributes {
    const parts = ['Schema', 'SchemaFunc', 'Attributes', 'Blocks'].flatMap((key) => {
      const value = memberOf(resource, key);
      return value === undefined ? [] : [this.#ofValue(value, of, level)];
    });
    return Object.assign({}, ...parts) as SourceAttributes;
  }

  /** Of a value that gives attributes. */
  #ofValue(value: GoExpression, of: Declaration, level: number): SourceAttributes {
    if (level > MOST_LEVELS) return {};
    switch (value.kind) {
      case 'literal':
        return isWhole(value) ? this.#ofResource(value, of, level) : this.#ofMap(value, of, level);
      case 'function':
        return this.#ofTokens(value.body, of, level);
      case 'name':
        return this.ofDeclaration(value.name, level);
      case 'call': {
        const [copied] = value.of === 'maps.Clone' ? value.arguments : [];
        return copied === undefined
          ? this.ofDeclaration(value.of, level)
          : this.#ofValue(copied, of, level);
      }
      default:
        throw new Error(`Attributes of ${of.at(value.line)} are not written out`);
    }
  }

  #ofMap(map: GoLiteral, of: Declaration, level: number): SourceAttributes {
    return Object.fromEntries(
      map.members.map(({ key, value, line }) => {
        const name = key === undefined ? undefined : this.#nameOf(key);
        if (name === undefined) throw new Error(`The name at ${of.at(line)} is not written out`);
        return [name, this.#ofAttribute(value, of, line, level)];
      }),
    );
  }

  /** Of a text, or of a constant of the package or of all. */
  #nameOf(key: GoExpression): string | undefined {
    const name = nameOf(key);
    if (name !== undefined || key.kind !== 'name') return name;
    const code = this.#source.declaration(key.name)?.code ?? '';
    return new RegExp(`\\b${key.name}\\s*=\\s*"(\\w+)"`).exec(code)?.[1];
  }

  #ofAttribute(value: GoExpression, of: Declaration, line: number, level: number): SourceAttribute {
    if (value.kind === 'call' || value.kind === 'name') {
      return this.#ofOther(value.kind === 'call' ? value.of : value.name, of, line, level);
    }
    if (value.kind !== 'literal') throw new Error(`${of.at(line)} is not written out`);
    const nested = this.#nestedIn(value, of, level + 1);
    const when = whenReplaced(value, nested);
    return {
      ...(when === undefined ? {} : { replaced: { when, at: of.at(line) } }),
      ...(nested === undefined ? {} : { nested }),
    };
  }

  /** Of an attribute that a function or variable gives, of the package or of another one that many share. */
  #ofOther(name: string, of: Declaration, line: number, level: number): SourceAttribute {
    const declaration = this.#source.declaration(name);
    if (declaration === undefined) {
      // Shared functions say it in their names, such as tftags.TagsSchemaForceNew.
      return /ForceNew|RequiresReplace/.test(name)
        ? { replaced: { when: 'always', at: of.at(line) } }
        : {};
    }
    const [attribute] = goLiterals(bodyOf(declaration), (type) =>
      /^schema\.(?:Schema|\w+(?:Attribute|Block))$/.test(type),
    );
    if (attribute === undefined) throw new Error(`No attribute in ${declaration.at(0)}`);
    return this.#ofAttribute(attribute, declaration, attribute.line, level);
  }

  #nestedIn(value: GoLiteral, of: Declaration, level: number): SourceAttributes | undefined {
    if (level > MOST_LEVELS) return undefined;
    const inside = memberOf(value, 'NestedObject') ?? memberOf(value, 'Elem');
    if (inside === undefined) {
      return memberOf(value, 'Attributes') === undefined && memberOf(value, 'Blocks') === undefined
        ? undefined
        : this.#ofResource(value, of, level);
    }
    if (inside.kind !== 'literal') {
      // `Elem` is a schema, of one value, or a resource, of several.
      return this.#nestedByName(inside, of, level);
    }
    if (inside.type.endsWith('Schema')) return undefined;
    return this.#ofResource(inside, of, level);
  }

  #nestedByName(inside: GoExpression, of: Declaration, level: number) {
    if (inside.kind !== 'call' && inside.kind !== 'name') {
      throw new Error(`The block at ${of.at(inside.line)} is not written out`);
    }
    return this.ofDeclaration(inside.kind === 'call' ? inside.of : inside.name, level);
  }
}

/** A resource or a schema of the framework, which has attributes among other members. */
function isWhole(literal: GoLiteral): boolean {
  return ['Schema', 'SchemaFunc', 'Attributes', 'Blocks'].some(
    (key) => memberOf(literal, key) !== undefined,
  );
}

function whenReplaced(value: GoLiteral, nested: SourceAttributes | undefined): When | undefined {
  if (isTrue(value, 'ForceNew')) {
    // Terraform looks at each member of a block by itself.
    if (nested !== undefined && !Object.values(nested).every(isReplaced)) return 'block';
    // What the cloud chooses where the program does not stays when the program stops choosing.
    return isTrue(value, 'Optional') && isTrue(value, 'Computed') ? 'given' : 'always';
  }
  const modifiers = memberOf(value, 'PlanModifiers');
  if (modifiers?.kind !== 'literal') return undefined;
  const names = modifiers.members.map(({ value: one }) => (one.kind === 'call' ? one.of : ''));
  if (names.some((name) => name.endsWith('.RequiresReplace'))) return 'always';
  if (names.some((name) => name.endsWith('.RequiresReplaceIfConfigured'))) return 'given';
  return names.some((name) => name.includes('Replace')) ? 'condition' : undefined;
}

function isTrue(value: GoLiteral, member: string): boolean {
  const given = memberOf(value, member);
  return given?.kind === 'name' && given.name === 'true';
}

function isReplaced({ replaced }: SourceAttribute): boolean {
  return replaced?.when === 'always' || replaced?.when === 'given';
}

/** The value of a member of a struct, undefined where it is not given. */
export function memberOf(literal: GoLiteral, name: string): GoExpression | undefined {
  return literal.members.find(({ key }) => key?.kind === 'name' && key.name === name)?.value;
}

/** The name of an attribute, of a text or of a constant such as names.AttrKMSKeyID; undefined for anything else. */
export function nameOf(key: GoExpression): string | undefined {
  if (key.kind === 'text') return key.text;
  if (key.kind !== 'name') return undefined;
  const constant = /^names\.Attr(\w+)$/.exec(key.name)?.[1];
  return constant === undefined ? undefined : snakeOf(constant);
}

/** What is said in a declaration. */
export function bodyOf({ code }: Declaration): readonly GoToken[] {
  return goTokens(code);
}

/** Such as 'kms_key_id' for 'KMSKeyID', and 'subnet_ids' for 'SubnetIDs'. */
export function snakeOf(constant: string): string {
  return constant
    .replace('VPCID', 'VpcId')
    .replace(
      /(ID|ARN)s/g,
      (_, [first = '', ...rest]: string) => `${first}${rest.join('').toLowerCase()}s`,
    )
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
