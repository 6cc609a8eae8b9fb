/** One segment of a compiled template: literal text, `*` (one segment) or `**` (all that is left). */
type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'rest' };

/** A field path that takes its value from segments `start` to `end` (exclusive; absent for `**`). */
interface Variable {
  readonly fieldPath: string;
  readonly start: number;
  readonly end: number | undefined;
  /** More than one segment can match: an encoded slash then stays encoded, as google.api.http says. */
  readonly multiple: boolean;
}

/** A path template of google.api.http, compiled. */
export interface PathTemplate {
  readonly source: string;
  readonly segments: readonly Segment[];
  readonly variables: readonly Variable[];
  readonly verb: string | undefined;
}

/** A variable's value, percent-decoded. */
export interface PathValue {
  readonly fieldPath: string;
  readonly value: string;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const LITERAL = /^[A-Za-z0-9._~!$&'()+,;=@%-]+$/;

/**
 * Compiles a path template.
 *
 * Grammar: `/` segments, `*`, `**` (last only), `{field.path}`, `{field.path=segments}`, `:verb`.
 * Source: google/api/http.proto, "Path template syntax".
 *
 * @throws {Error} naming the template and what is wrong with it; it is a mistake in a .proto file.
 */
export function parsePathTemplate(source: string): PathTemplate {
  const fail = (reason: string): never => {
    throw new Error(`google.api.http path template '${source}': ${reason}`);
  };
  if (!source.startsWith('/')) fail('must start with a slash');
  const { body, verb } = splitVerb(source);
  const segments: Segment[] = [];
  const variables: Variable[] = [];
  for (const part of splitOutsideBraces(body.slice(1))) {
    const start = segments.length;
    if (!part.startsWith('{')) {
      segments.push(parseSegment(part) ?? fail(`'${part}' is not a segment`));
      continue;
    }
    if (!part.endsWith('}')) fail(`'${part}' lacks its closing brace`);
    const [fieldPath = '', pattern = '*'] = part.slice(1, -1).split('=', 2);
    if (!IDENTIFIER.test(fieldPath)) fail(`'${fieldPath}' is not a field path`);
    for (const inner of pattern.split('/')) {
      segments.push(parseSegment(inner) ?? fail(`'${inner}' is not a segment`));
    }
    const open = segments.at(-1)?.kind === 'rest';
    variables.push({
      fieldPath,
      start,
      end: open ? undefined : segments.length,
      multiple: open || segments.length - start > 1,
    });
  }
  if (segments.slice(0, -1).some(({ kind }) => kind === 'rest')) fail(`'**' must come last`);
  if (verb !== undefined && !LITERAL.test(verb)) fail(`':${verb}' is not a verb`);
  return { source, segments, variables, verb };
}

/**
 * Matches a raw (still percent-encoded) path against a template.
 *
 * @returns the variables' values, or undefined if the path does not match.
 * @throws {URIError} if a value that matched is not valid percent-encoded UTF-8.
 */
export function matchPath(
  template: PathTemplate,
  rawPath: string,
): readonly PathValue[] | undefined {
  let path = rawPath;
  if (template.verb !== undefined) {
    if (!path.endsWith(`:${template.verb}`)) return undefined;
    path = path.slice(0, -template.verb.length - 1);
  }
  if (!path.startsWith('/')) return undefined;
  const given = path.slice(1).split('/');
  const { segments } = template;
  const open = segments.at(-1)?.kind === 'rest';
  if (open ? given.length < segments.length : given.length !== segments.length) return undefined;
  for (const [index, segment] of segments.entries()) {
    const text = given[index] ?? '';
    if (segment.kind === 'literal' ? text !== segment.text : text === '') return undefined;
  }
  return template.variables.map(({ fieldPath, start, end, multiple }) => ({
    fieldPath,
    value: given
      .slice(start, end)
      .map((text) => (multiple ? decodeKeepingSlashes(text) : decodeURIComponent(text)))
      .join('/'),
  }));
}

/**
 * A key that sorts the more specific of two templates first: literals before `*` before `**`, a verb
 * before none; two templates with the same key and the same literals match the same paths.
 */
export function specificity(template: PathTemplate): string {
  const order = { literal: '0', one: '1', rest: '2' } as const;
  const kinds = template.segments.map(({ kind }) => order[kind]).join('');
  return `${kinds}${template.verb === undefined ? '~' : '!'}`;
}

/** The template with its field names left out: equal for templates that match the same paths. */
export function shape(template: PathTemplate): string {
  const texts = template.segments.map((segment) =>
    segment.kind === 'literal' ? segment.text : segment.kind === 'one' ? '*' : '**',
  );
  return `/${texts.join('/')}${template.verb === undefined ? '' : `:${template.verb}`}`;
}

function parseSegment(text: string): Segment | undefined {
  if (text === '*') return { kind: 'one' };
  if (text === '**') return { kind: 'rest' };
  return LITERAL.test(text) ? { kind: 'literal', text } : undefined;
}

function splitVerb(source: string): { readonly body: string; readonly verb: string | undefined } {
  const colon = source.lastIndexOf(':');
  if (colon < 0 || colon < source.lastIndexOf('/') || colon < source.lastIndexOf('}')) {
    return { body: source, verb: undefined };
  }
  return { body: source.slice(0, colon), verb: source.slice(colon + 1) };
}

function splitOutsideBraces(text: string): readonly string[] {
  return text.split(/\/(?![^{]*\})/);
}

/** The specification leaves `%2F` in a value of several segments as it is, so that it stays one. */
function decodeKeepingSlashes(text: string): string {
  return text
    .split(/(%2[fF])/)
    .map((part) => (/^%2[fF]$/.test(part) ? part : decodeURIComponent(part)))
    .join('');
}
