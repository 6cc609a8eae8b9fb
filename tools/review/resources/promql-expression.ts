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

/** Source: Prometheus 3, "Operators", binary operator precedence, the weakest first. */
const BINDING: Readonly<Record<string, number>> = {
  or: 1,
  ...{ and: 2, unless: 2 },
  ...{ '==': 3, '!=': 3, '>': 3, '<': 3, '>=': 3, '<=': 3 },
  ...{ '+': 4, '-': 4 },
  ...{ '*': 5, '/': 5, '%': 5, atan2: 5 },
  '^': 6,
};

const TOKEN =
  /\s*(?:(?<span>(?:\d+(?:ms|[smhdwy]))+)(?!\w)|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf\b|NaN\b)|(?<name>[A-Za-z_][\w:]*)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|(?<sign>==|!=|>=|<=|=~|!~|[-+*/%^<>=(){}[\],:@]))/y;

type Token = readonly [kind: 'span' | 'number' | 'name' | 'text' | 'sign' | 'end', text: string];

/**
 * Reads an expression: what alerts and records are written with; undefined for anything else, of which nothing is known.
 * Source: Prometheus 3, "Querying Prometheus".
 */
export function expressionOf(text: string): Expression | undefined {
  try {
    const reader = new Reader(tokensOf(text));
    const expression = reader.read(0);
    return reader.isAtEnd() ? expression : undefined;
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}

class UnreadableError extends Error {}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw new UnreadableError();
    const [kind = 'end', found = ''] =
      Object.entries(groups).find(([, group]) => (group as string | undefined) !== undefined) ?? [];
    tokens.push([kind as Token[0], found]);
  }
  return tokens;
}

/** Reads tokens from the left; an operator takes what binds more strongly. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  read(least: number): Expression {
    let left = this.#operand();
    for (;;) {
      const [, operator] = this.#next();
      const binding = BINDING[operator];
      if (binding === undefined || binding <= least) return left;
      this.#at += 1;
      const isBool = this.#takes('bool');
      this.#skipMatching();
      left = { kind: 'binary', operator, isBool, left, right: this.read(binding) };
    }
  }

  #operand(): Expression {
    if (this.#takes('-')) {
      const minus = { kind: 'number', value: -1 } as const;
      return { kind: 'binary', operator: '*', isBool: false, left: minus, right: this.read(5) };
    }
    let found = this.#plain();
    for (;;) {
      if (this.#takes('[')) found = this.#window(found);
      else if (this.#takes('offset')) this.#skipOffset();
      else return found;
    }
  }

  #plain(): Expression {
    if (this.#takes('(')) {
      const inner = this.read(0);
      this.#expect(')');
      return inner;
    }
    const [kind, text] = this.#take();
    switch (kind) {
      case 'number':
        return { kind: 'number', value: text === 'Inf' ? Infinity : Number(text) };
      case 'text':
        return { kind: 'text' };
      case 'name':
        return this.#named(text);
      case 'span':
        // A span of time in a sum is its seconds.
        return { kind: 'number', value: secondsIn(text) };
      case 'sign':
      case 'end':
        throw new UnreadableError();
    }
  }

  /** A function, an aggregation or some series. */
  #named(name: string): Expression {
    this.#skipLabels('by', 'without');
    if (!this.#takes('(')) {
      return { kind: 'series', selection: { name, matchers: this.#matchers() } };
    }
    const given: Expression[] = [];
    while (!this.#takes(')')) {
      given.push(this.read(0));
      if (this.#next()[1] !== ')') this.#expect(',');
    }
    this.#skipLabels('by', 'without');
    return { kind: 'call', name, given };
  }

  #matchers(): readonly LabelMatcher[] {
    const found: LabelMatcher[] = [];
    if (!this.#takes('{')) return found;
    while (!this.#takes('}')) {
      const [[, label], [, operator], [, value]] = [this.#take(), this.#take(), this.#take()];
      found.push({ label, operator, value: value.slice(1, -1) });
      if (this.#next()[1] !== '}') this.#expect(',');
    }
    return found;
  }

  #window(of: Expression): Expression {
    const range = this.#span();
    if (this.#takes(']')) return { kind: 'window', of, moments: Infinity };
    this.#expect(':');
    const step = this.#next()[0] === 'span' ? this.#span() : Number.NaN;
    this.#expect(']');
    const moments = Math.floor(range / step) + 1;
    return { kind: 'window', of, moments: Number.isNaN(moments) ? Infinity : moments };
  }

  #span(): number {
    const [kind, text] = this.#take();
    if (kind !== 'span') throw new UnreadableError();
    return secondsIn(text);
  }

  #skipOffset(): void {
    this.#takes('-');
    this.#span();
  }

  /** By which labels two sides go together, which values do not depend on. */
  #skipMatching(): void {
    this.#skipLabels('on', 'ignoring');
    this.#skipLabels('group_left', 'group_right');
  }

  #skipLabels(...words: readonly string[]): void {
    if (!words.includes(this.#next()[1])) return;
    this.#at += 1;
    if (!this.#takes('(')) return;
    while (!this.#takes(')')) this.#take();
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) throw new UnreadableError();
  }

  #takes(text: string): boolean {
    if (this.#next()[1] !== text) return false;
    this.#at += 1;
    return true;
  }

  #next(): Token {
    return this.#tokens[this.#at] ?? ['end', ''];
  }

  #take(): Token {
    const token = this.#next();
    if (token[0] === 'end') throw new UnreadableError();
    this.#at += 1;
    return token;
  }
}

function secondsIn(span: string): number {
  return [...span.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (SECONDS[unit] ?? 1),
    0,
  );
}

const SECONDS: Readonly<Record<string, number>> = {
  ...{ ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 },
};
