import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { remembered } from '../../meridian/rehearsal/remembered.ts';
import { secondsOf } from './amounts.ts';

/** A matcher of a selection, such as `severity=~"page|ticket"`. */
export interface LabelMatcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/** Some series by their name and labels. */
export interface SeriesSelection {
  readonly name: string;
  readonly matchers: readonly LabelMatcher[];
}

/** An expression of PromQL, as far as it says which values it can have. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text' }
  | { readonly kind: 'series'; readonly selection: SeriesSelection }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly given: readonly Expression[];
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly isBool: boolean;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** A span of time; of a subquery it is known at how many moments at most it looks. */
  | { readonly kind: 'window'; readonly of: Expression; readonly moments: number };

/** How deep an expression may be: what nobody writes is not read. */
const DEEPEST = 200;

/**
 * Reads an expression, by Prometheus' own grammar; undefined for what that does not know, and for what says nothing of values that is
 * known before it is asked, such as a name that is a pattern. Source: Prometheus 3, "Querying Prometheus".
 */
export const expressionOf = remembered((text): Expression | undefined => {
  try {
    const { topNode } = parser.parse(text);
    return new Reader(text).read(topNode.firstChild, 0);
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
});

class UnreadableError extends Error {}

/** Reads nodes of a tree of the grammar, which gives their places in the text. */
class Reader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  read(node: SyntaxNode | null | undefined, depth: number): Expression {
    if (node === null || node === undefined || depth > DEEPEST) throw new UnreadableError();
    const children = childrenOf(node);
    const [first] = children;
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', value: numberIn(this.#textOf(node)) };
      case 'StringLiteral':
        return { kind: 'text' };
      case 'VectorSelector':
        return { kind: 'series', selection: this.#selection(children) };
      case 'ParenExpr':
      case 'OffsetExpr':
      case 'StepInvariantExpr':
        return this.read(first, depth + 1);
      case 'MatrixSelector':
        return { kind: 'window', of: this.read(first, depth + 1), moments: Infinity };
      case 'SubqueryExpr':
        return { kind: 'window', of: this.read(first, depth + 1), moments: this.#moments(node) };
      case 'UnaryExpr':
        return this.#signed(children, depth);
      case 'BinaryExpr':
        return this.#binary(children, depth);
      case 'FunctionCall':
      case 'AggregateExpr':
        return this.#call(node, depth);
      default:
        throw new UnreadableError();
    }
  }

  #signed([sign, of]: readonly SyntaxNode[], depth: number): Expression {
    const right = this.read(of, depth + 1);
    if (sign === undefined || this.#textOf(sign) === '+') return right;
    const left = { kind: 'number', value: -1 } as const;
    return { kind: 'binary', operator: '*', isBool: false, left, right };
  }

  #binary(children: readonly SyntaxNode[], depth: number): Expression {
    const [left, operator] = children;
    if (operator === undefined) throw new UnreadableError();
    return {
      kind: 'binary',
      operator: this.#textOf(operator).toLowerCase(),
      isBool: children.some(({ name }) => name === 'BoolModifier'),
      left: this.read(left, depth + 1),
      right: this.read(children.at(-1), depth + 1),
    };
  }

  /** A function or an aggregation. */
  #call(node: SyntaxNode, depth: number): Expression {
    const name = node.getChild('FunctionIdentifier') ?? node.getChild('AggregateOp');
    const body = node.getChild('FunctionCallBody');
    if (name === null || body === null) throw new UnreadableError();
    return {
      kind: 'call',
      name: this.#textOf(name).toLowerCase(),
      given: childrenOf(body).map((given) => this.read(given, depth + 1)),
    };
  }

  /** Of one name: a selection by a pattern of names may be of any. */
  #selection(children: readonly SyntaxNode[]): SeriesSelection {
    const matchers: LabelMatcher[] = [];
    let name: string | undefined;
    for (const child of children) {
      if (child.name === 'Identifier') name = this.#textOf(child);
      for (const matcher of child.name === 'LabelMatchers' ? childrenOf(child) : []) {
        const [label = matcher, operator, value] = childrenOf(matcher);
        if (operator === undefined || value === undefined) name = unquoted(this.#textOf(label));
        else matchers.push(this.#matcher(label, operator, value));
      }
    }
    const named = matchers.find(({ label }) => label === '__name__');
    if (named?.operator === '=') name ??= named.value;
    if (name === undefined) throw new UnreadableError();
    return { name, matchers: matchers.filter((matcher) => matcher !== named) };
  }

  #matcher(label: SyntaxNode, operator: SyntaxNode, value: SyntaxNode): LabelMatcher {
    const name = this.#textOf(label);
    return {
      label: /^\w/.test(name) ? name : unquoted(name),
      operator: this.#textOf(operator),
      value: unquoted(this.#textOf(value)),
    };
  }

  /** At how many moments a subquery looks at most. */
  #moments(subquery: SyntaxNode): number {
    const [range, step] = subquery
      .getChildren('DurationExpr')
      .map((span) => numberIn(this.#textOf(span)));
    const moments = Math.floor((range ?? Number.NaN) / (step ?? Number.NaN)) + 1;
    return Number.isNaN(moments) ? Infinity : moments;
  }

  #textOf({ from, to }: SyntaxNode): string {
    return this.#text.slice(from, to);
  }
}

/** What stands below a node; what the grammar does not know is not read. */
function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.type.isError) throw new UnreadableError();
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

/** A number, or the seconds of a span of time, which are the same to Prometheus. */
function numberIn(text: string): number {
  const infinite = /^(?<sign>[-+]?)inf$/i.exec(text)?.groups;
  if (infinite !== undefined) return infinite['sign'] === '-' ? -Infinity : Infinity;
  return secondsOf(text) ?? Number(text);
}

/** Source: Prometheus 3, "Querying Prometheus", string literals, whose escapes are those of Go. */
function unquoted(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replaceAll(/\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gis, (_, byte, unit, other) =>
    typeof other === 'string' ? (ESCAPED[other] ?? other) : pointOf(String(byte ?? unit)),
  );
}

function pointOf(hexadecimal: string): string {
  return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
