/** A value of a program in Go, as far as tables of schemas are written in it. */
export type GoExpression =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'name'; readonly name: string; readonly line: number }
  | GoCall
  | GoLiteral
  | { readonly kind: 'function'; readonly body: readonly GoToken[]; readonly line: number }
  /** Anything else, such as a sum: nothing is said of it. */
  | { readonly kind: 'other'; readonly line: number };

/** A call of a function by its name. */
export interface GoCall {
  readonly kind: 'call';
  readonly of: string;
  readonly arguments: readonly GoExpression[];
  readonly line: number;
}

/** A composite literal: a struct, a map or a slice. */
export interface GoLiteral {
  readonly kind: 'literal';
  /** Such as 'schema.Resource' or 'map[string]*schema.Schema'; empty where Go infers it. */
  readonly type: string;
  readonly members: readonly GoMember[];
  readonly line: number;
}

/** A member of a composite literal. */
export interface GoMember {
  readonly key?: GoExpression;
  readonly value: GoExpression;
  readonly line: number;
}

/** A word, a text or a sign of a program, and its line. */
export interface GoToken {
  readonly kind: 'word' | 'text' | 'sign';
  readonly text: string;
  readonly line: number;
}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)+'|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*|\d[\w.]*|:=|[^\s]/g;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The tokens of a program, without comments. */
export function goTokens(code: string): readonly GoToken[] {
  let line = 1;
  return [...code.matchAll(TOKEN)].flatMap(([text]): readonly GoToken[] => {
    const at = line;
    line += text.split('\n').length - 1;
    if (/^\s|^\/\/|^\/\*/.test(text)) return [];
    if (/^["`]/.test(text)) return [{ kind: 'text', text: text.slice(1, -1), line: at }];
    const kind = /^[A-Za-z_]/.test(text) ? 'word' : 'sign';
    return [{ kind, text, line: at }];
  });
}

/**
 * The outermost composite literals of a type in a program, in their order.
 *
 * @param isWanted told a type such as 'schema.Schema' or 'map[string]*schema.Schema'
 */
export function goLiterals(
  tokens: readonly GoToken[],
  isWanted: (type: string) => boolean,
): readonly GoLiteral[] {
  const found: GoLiteral[] = [];
  for (let at = 0; at < tokens.length;) {
    const type = typeAt(tokens, at);
    const isBraced = type !== undefined && tokens[type.end]?.text === '{';
    if (isBraced && tokens[at - 1]?.text === ')') {
      // What a function returns, before its body.
      at = type.end + 1;
    } else if (isBraced && isWanted(type.name)) {
      const reader = new GoReader(tokens, at);
      const value = reader.value();
      if (value.kind === 'literal') found.push(value);
      at = Math.max(reader.at, at + 1);
    } else {
      at += 1;
    }
  }
  return found;
}

/** The value that begins at a token. */
export function goValueAt(tokens: readonly GoToken[], at: number): GoExpression {
  return new GoReader(tokens, at).value();
}

/** The name of a type that begins at a token, and the token after it. */
function typeAt(
  tokens: readonly GoToken[],
  start: number,
): { readonly name: string; readonly end: number } | undefined {
  let at = start;
  let name = '';
  for (;;) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (token.text === '*') name += '*';
    else if (token.text === '[') {
      const end = closed(tokens, at);
      name += tokens.slice(at, end).map(textOf).join('');
      at = end;
      continue;
    } else if (token.kind === 'word' && token.text === 'map') name += 'map';
    else if (token.kind === 'word') {
      const generic = tokens[at + 1]?.text === '[' ? closed(tokens, at + 1) : at + 1;
      return { name: name + token.text, end: generic };
    } else return undefined;
    at += 1;
  }
}

/** The token after the one that closes what opens at a token. */
function closed(tokens: readonly GoToken[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind !== 'sign') continue;
    if (CLOSING[token.text] !== undefined) depth += 1;
    else if (/^[)\]}]$/.test(token.text)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw new Error(`Line ${String(tokens[start]?.line)}: what opens there is never closed`);
}

function textOf({ text }: GoToken): string {
  return text;
}

/** Reads values one after the other. */
class GoReader {
  readonly #tokens: readonly GoToken[];
  #at: number;

  constructor(tokens: readonly GoToken[], at: number) {
    this.#tokens = tokens;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  expression(): GoExpression {
    const value = this.value();
    if (this.#isAtEnd()) return value;
    while (!this.#isAtEnd()) this.#skip();
    return { kind: 'other', line: value.line };
  }

  /** A value, whatever comes after it. */
  value(): GoExpression {
    const token = this.#tokens[this.#at];
    if (token === undefined) return { kind: 'other', line: 0 };
    const { line } = token;
    if (token.text === '&' && token.kind === 'sign') {
      this.#at += 1;
      return this.value();
    }
    if (token.kind === 'text') {
      this.#at += 1;
      return { kind: 'text', text: token.text, line };
    }
    if (token.text === '{') return this.#literal('', line);
    if (token.text === 'func') return this.#function(line);
    const type = typeAt(this.#tokens, this.#at);
    if (type === undefined) {
      this.#skip();
      return { kind: 'other', line };
    }
    this.#at = type.end;
    const next = this.#tokens[this.#at]?.text;
    if (next === '{') return this.#literal(type.name, line);
    if (next !== '(') return { kind: 'name', name: type.name, line };
    this.#at += 1;
    return { kind: 'call', of: type.name, arguments: this.#list(')'), line };
  }

  #literal(type: string, line: number): GoLiteral {
    this.#at += 1;
    const members: GoMember[] = [];
    while (!this.#takes('}')) {
      const at = this.#tokens[this.#at]?.line ?? line;
      const first = this.expression();
      const isKey = this.#takes(':');
      const value = isKey ? this.expression() : first;
      members.push({ ...(isKey ? { key: first } : {}), value, line: at });
      this.#takes(',');
    }
    return { kind: 'literal', type, members, line };
  }

  #list(end: string): readonly GoExpression[] {
    const values: GoExpression[] = [];
    while (!this.#takes(end)) {
      values.push(this.expression());
      this.#takes(',');
    }
    return values;
  }

  #function(line: number): GoExpression {
    while (this.#tokens[this.#at]?.text !== '{') {
      // A function may be given by its parameters alone, as a type.
      if (this.#isAtEnd()) return { kind: 'other', line };
      this.#skip();
    }
    const end = closed(this.#tokens, this.#at);
    const body = this.#tokens.slice(this.#at + 1, end - 1);
    this.#at = end;
    return { kind: 'function', body, line };
  }

  #isAtEnd(): boolean {
    const token = this.#tokens[this.#at];
    return token === undefined || (token.kind === 'sign' && /^[,:)\]}]$/.test(token.text));
  }

  #takes(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error(`The program ends before '${sign}'`);
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  /** A token, or all that is between brackets. */
  #skip(): void {
    const token = this.#tokens[this.#at];
    const opens = token?.kind === 'sign' && CLOSING[token.text] !== undefined;
    this.#at = opens ? closed(this.#tokens, this.#at) : this.#at + 1;
  }
}
