import ts from 'typescript';
import type { JsonSchema, Schemas } from '../manifest-schemas/json-schema.ts';

/** Values of an enumeration of a package, undefined for one that it does not have. */
export type Enumerated = (name: string) => readonly unknown[] | undefined;

/** Turns types of a package's declarations into schemas, and gathers what they refer to. */
export class DeclaredTypes {
  readonly #interfaces = new Map<string, ts.InterfaceDeclaration>();
  readonly #definitions = new Map<string, JsonSchema>();
  readonly #enumerated: Enumerated;
  readonly #file: string;

  /**
   * @param file name of the generated file that definitions will be in
   * @param texts declarations of nested types by the prefix under which types name them, such as 'inputs'
   */
  constructor(file: string, texts: Readonly<Record<string, string>>, enumerated: Enumerated) {
    this.#file = file;
    this.#enumerated = enumerated;
    for (const [prefix, text] of Object.entries(texts)) this.#keep(prefix, parsed(text).statements);
  }

  /** What was referred to so far, by its name. */
  get definitions(): Schemas {
    return Object.fromEntries([...this.#definitions].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The schema of an interface's members: nothing else may be there. */
  ofMembers(members: readonly ts.Node[]): JsonSchema {
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const member of members) {
      if (!isProperty(member) || member.type === undefined) continue;
      const name = (member.name as ts.Identifier).text;
      if (isStatic(member)) continue;
      properties[name] = this.#schemaOf(member.type);
      if (member.questionToken === undefined && !mayBeUndefined(member.type)) required.push(name);
    }
    return {
      type: 'object',
      additionalProperties: false,
      properties,
      ...(required.length === 0 ? {} : { required }),
    };
  }

  #keep(prefix: string, statements: readonly ts.Statement[]): void {
    for (const statement of statements) {
      if (ts.isInterfaceDeclaration(statement)) {
        this.#interfaces.set(`${prefix}.${statement.name.text}`, statement);
      }
      if (!ts.isModuleDeclaration(statement) || statement.body === undefined) continue;
      const { body } = statement;
      if (ts.isModuleBlock(body)) this.#keep(`${prefix}.${statement.name.text}`, body.statements);
    }
  }

  #schemaOf(node: ts.TypeNode): JsonSchema {
    if (ts.isArrayTypeNode(node)) return { type: 'array', items: this.#schemaOf(node.elementType) };
    if (ts.isParenthesizedTypeNode(node)) return this.#schemaOf(node.type);
    if (ts.isUnionTypeNode(node)) return this.#union(node.types);
    if (ts.isTypeLiteralNode(node)) return this.#map(node);
    if (ts.isTypeReferenceNode(node)) return this.#reference(node);
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) {
      return { enum: [node.literal.text] };
    }
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: 'string' };
      case ts.SyntaxKind.NumberKeyword:
        return { type: 'number' };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: 'boolean' };
      case ts.SyntaxKind.AnyKeyword:
        return {};
      default:
        throw new Error(`No schema for the type '${node.getText()}'`);
    }
  }

  /** Alternatives of different JSON types are one schema, which tells in one sentence what is wrong. */
  #union(types: readonly ts.TypeNode[]): JsonSchema {
    const given = types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword);
    const schemas = given.map((type) => this.#schemaOf(type));
    const [only] = schemas;
    if (schemas.length === 1 && only !== undefined) return only;
    const isText = schemas.some((schema) => schema.type === 'string');
    // A name of an enumeration beside any text says no more than the text.
    const others = schemas.filter((schema) => schema.type !== 'string' && !('enum' in schema));
    const [other] = others;
    if (isText && other === undefined) return { type: 'string' };
    if (!isText || other === undefined) return { anyOf: schemas };
    if (others.length === 1 && other.type === 'array')
      return { ...other, type: ['string', 'array'] };
    const rest = others.length === 1 ? other : { anyOf: others };
    return { if: { type: 'string' }, else: rest };
  }

  #map(node: ts.TypeLiteralNode): JsonSchema {
    const [index] = node.members;
    return index !== undefined && ts.isIndexSignatureDeclaration(index)
      ? { type: 'object', additionalProperties: this.#schemaOf(index.type) }
      : this.ofMembers(node.members);
  }

  #reference(node: ts.TypeReferenceNode): JsonSchema {
    const name = node.typeName.getText();
    const [argument] = node.typeArguments ?? [];
    if (argument !== undefined && WRAPPERS.has(name)) return this.#schemaOf(argument);
    // Aliases of text, and other resources, of which the provider gets an identity or an ARN.
    if (!/^(?:enums|inputs|outputs)\./.test(name)) return { type: 'string' };
    if (name.startsWith('enums.')) {
      const values = this.#enumerated(name.slice('enums.'.length));
      return values === undefined ? { type: 'string' } : { enum: values };
    }
    const declaration = this.#interfaces.get(name);
    if (declaration === undefined) throw new Error(`No declaration of the type '${name}'`);
    if (!this.#definitions.has(name)) {
      // Types may hold themselves.
      this.#definitions.set(name, {});
      this.#definitions.set(name, this.ofMembers([...declaration.members]));
    }
    return { $ref: `${this.#file}.json#/definitions/${name}` };
  }
}

/** What only says that a value may come later. */
const WRAPPERS = new Set(['pulumi.Input', 'pulumi.Output']);

/** The syntax of declarations. */
export function parsed(text: string): ts.SourceFile {
  return ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest, true);
}

/** An output says so in its type, not by a mark of its name. */
function mayBeUndefined(type: ts.TypeNode): boolean {
  const [argument] = ts.isTypeReferenceNode(type) ? (type.typeArguments ?? []) : [];
  const inner = argument ?? type;
  return (
    ts.isUnionTypeNode(inner) &&
    inner.types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword)
  );
}

function isProperty(node: ts.Node): node is ts.PropertySignature | ts.PropertyDeclaration {
  return ts.isPropertySignature(node) || ts.isPropertyDeclaration(node);
}

function isStatic(node: ts.PropertySignature | ts.PropertyDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}
