import type { FuzzedCase, FuzzedRequest, FuzzReport } from './fuzzed-case.ts';

/** What the judge reads of an OpenAPI document. */
export interface JudgedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, JudgedOperation>>>>;
}

interface JudgedOperation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  /** Types of problems that say why the state forbids what the document allows. */
  readonly 'x-refused-by-state'?: readonly string[];
}

/** Who asked. */
export interface Asker {
  /** The role of the account; nobody's without a token. */
  readonly role: string | undefined;
  /** Operations that were not to be asked. */
  readonly leftOut: readonly string[];
}

const PROBLEM = 'application/problem+json';

/**
 * What is wrong with how an API answered a fuzzer, each in a few lines that end with a command that asks
 * the same again. What the API may do is read from its document alone.
 */
export function judge(
  document: JudgedDocument,
  { cases, troubles }: FuzzReport,
  asker: Asker,
): readonly string[] {
  const operations = new Map(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([verb, found]) => [`${verb.toUpperCase()} ${path}`, found]),
    ),
  );
  const asked = new Set(cases.map(({ operation }) => operation));
  const silent = [...operations].filter(
    ([label, { operationId }]) => !asked.has(label) && !asker.leftOut.includes(operationId),
  );
  return [
    ...troubles.map((trouble) => `The fuzzer could not ask: ${trouble}`),
    ...silent.map(([label]) => `The fuzzer never asked ${label}`),
    ...cases.flatMap((each) => {
      const operation = operations.get(each.operation);
      if (operation === undefined) return [`The document has no ${each.operation}`];
      return wrongIn(each, operation, asker).map(
        (wrong) => `${each.operation}, ${titleOf(each)}: ${wrong}\n${shown(each)}`,
      );
    }),
  ];
}

function titleOf({ fits, description }: FuzzedCase): string {
  return fits ? 'asked as the document has it' : `asked with ${description || 'what does not fit'}`;
}

function wrongIn(each: FuzzedCase, operation: JudgedOperation, asker: Asker): readonly string[] {
  const { answer, fits, failures } = each;
  if (answer === undefined) return ['no answer', ...failures];
  const { status, mediaType, body } = answer;
  if (status < 400) return failures;
  const type = mediaType === PROBLEM ? typeOf(body) : undefined;
  const refused = `${status} ${type ?? mediaType}`;
  if (status >= 500) return [`${refused}: must never fail`, ...failures];
  if (type === undefined) return [`${refused}: must be a problem document`, ...failures];
  if (!fits || isForbidden(operation, asker, status)) return failures;
  const states = operation['x-refused-by-state'] ?? [];
  if (states.includes(type)) return failures;
  return [
    `${refused}: fits the document, so it may be refused only for a state: ${states.join(', ') || 'none'}`,
    ...failures,
  ];
}

/** Whether the document lets only others ask. */
function isForbidden({ security = [] }: JudgedOperation, { role }: Asker, status: number): boolean {
  const open = security.some((way) => Object.keys(way).length === 0);
  const roles = security.flatMap((way) => Object.values(way));
  if (role === undefined) return status === 401 && !open;
  const allowed = open || roles.some((names) => names.length === 0 || names.includes(role));
  return status === 403 && !allowed;
}

function typeOf(body: string): string | undefined {
  try {
    const { type } = JSON.parse(body) as { readonly type?: unknown };
    return typeof type === 'string' ? type : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Longer answers are cut. */
const SHOWN_CHARACTERS = 600;

function shown({ request, answer }: FuzzedCase): string {
  const text = answer?.body.slice(0, SHOWN_CHARACTERS);
  return `${text === undefined ? '' : `  answered: ${text}\n`}  again: ${curlLine(request)}`;
}

/** Headers that curl sets by itself, or that say who asked. */
const LEFT_TO_CURL = new Set(['authorization', 'content-length', 'user-agent', 'connection']);

/**
 * The request as a command of a shell, for a platform of one's own: its root certificate in $ROOT, and a
 * token in $TOKEN, as `npm run account` shows how to get it.
 */
export function curlLine({ method, url, headers, body }: FuzzedRequest): string {
  const named = Object.entries(headers)
    .filter(([name]) => !LEFT_TO_CURL.has(name.toLowerCase()))
    .flatMap(([name, values]) => values.map((value) => `-H ${quoted(`${name}: ${value}`)}`));
  const hasToken = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const command = [
    'curl --cacert "$ROOT" --path-as-is --globoff',
    `-X ${method}`,
    ...(hasToken ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...named,
    ...(body === undefined ? [] : ['--data-binary @-']),
    quoted(url),
  ].join(' ');
  return body === undefined ? command : `echo ${body.toString('base64')} | base64 -d | ${command}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
