import { eventually } from './platform-under-test.ts';
import type { Answer } from './platform-under-test.ts';

/** What is read of the OpenAPI document that the edge serves. */
export interface ExampleDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name?: string;
    readonly in?: string;
    readonly examples?: Shown;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly 'x-examples'?: Readonly<Record<string, Execution>>;
}

type Shown = Readonly<Record<string, { readonly value: unknown }>>;
type Content = Readonly<Record<string, { readonly examples?: Shown }>>;

interface Execution {
  readonly as: string;
  readonly after: readonly string[];
  readonly last: boolean;
  readonly varies: readonly string[];
  readonly gives: readonly string[];
}

/** One example of one operation, as the document has it. */
export interface DocumentedExample extends Execution {
  /** `CreateOrder/declined`. */
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; value: unknown }[];
  readonly body: unknown;
  readonly status: number;
  readonly response: unknown;
}

/** Every example of a document, each after what it builds upon. */
export function documentedExamples({ paths }: ExampleDocument): readonly DocumentedExample[] {
  const all = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([verb, operation]) => examplesOf(path, verb, operation)),
  );
  return inOrder(all);
}

/** Ids of the operations that have none. */
export function operationsWithoutExample({ paths }: ExampleDocument): readonly string[] {
  return Object.values(paths)
    .flatMap((item) => Object.values(item))
    .filter((operation) => Object.keys(operation['x-examples'] ?? {}).length === 0)
    .map(({ operationId }) => operationId);
}

function examplesOf(
  path: string,
  verb: string,
  operation: Operation,
): readonly DocumentedExample[] {
  const { operationId, parameters = [], requestBody, responses } = operation;
  const status = Object.keys(responses).find((each) => each.startsWith('2')) ?? '';
  return Object.entries(operation['x-examples'] ?? {}).map(([name, execution]) => ({
    ...execution,
    title: `${operationId.replace(/^[^_]*_/, '')}/${name}`,
    method: verb.toUpperCase(),
    path,
    parameters: parameters.flatMap(({ name: parameter, in: place, examples }) => {
      const value = examples?.[name]?.value;
      if (parameter === undefined || place === undefined || value === undefined) return [];
      return [{ name: parameter, in: place, value }];
    }),
    body: requestBody?.content['application/json']?.examples?.[name]?.value,
    status: Number(status),
    response: responses[status]?.content?.['application/json']?.examples?.[name]?.value,
  }));
}

/**
 * First those whose requests use nothing that others answer, then those that use what these do; where
 * values leave it open, as the document has them.
 */
function inOrder(all: readonly DocumentedExample[]): readonly DocumentedExample[] {
  const ordered: DocumentedExample[] = [];
  const left = new Set(all);
  const isDone = (title: string): boolean =>
    ![...left].some((each) => each.title === title || each.title.startsWith(`${title}/`));
  while (left.size > 0) {
    const soon = [...left].some(({ last }) => !last);
    const next = [...left].find(
      (each) =>
        (!soon || !each.last) && each.after.every(isDone) && usedBy(each, all).every(isDone),
    );
    if (next === undefined) {
      throw new Error(
        `Examples wait for each other: ${[...left].map(({ title }) => title).join()}`,
      );
    }
    left.delete(next);
    ordered.push(next);
  }
  return ordered;
}

/** Titles of the examples that give what another one's request uses. */
function usedBy(example: DocumentedExample, all: readonly DocumentedExample[]): readonly string[] {
  const { title, as } = example;
  const asked = askedBy(example);
  const givers = all
    .filter(({ response, gives }) =>
      gives.some((pointer) => asked.includes(String(at(response, pointer)))),
    )
    .map((giver) => giver.title)
    .filter((giver) => giver !== title);
  return as === 'customer' ? [...givers, 'CreateSession'] : givers;
}

function askedBy({ parameters, body }: DocumentedExample): string {
  return JSON.stringify([parameters, body]);
}

/** Asks the edge as somebody: a role, the bearer of a token, or nobody. */
export type Ask = (
  who: { readonly role?: string; readonly token?: string },
  method: string,
  target: string,
  body: unknown,
) => Promise<Answer>;

/** Executes examples one after the other, and remembers what was answered for the samples. */
export class ExampleRun {
  readonly #ask: Ask;
  /** What stands for a sample on this platform. */
  readonly #actual = new Map<string, string>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Throws Error unless the answer is, in the end, the one that the document has. */
  async execute(example: DocumentedExample): Promise<void> {
    const { title, method } = example;
    const ask = async () => this.#differences(example, await this.#asked(example));
    const differences = method === 'GET' ? await settled(ask) : await ask();
    if (differences.length > 0) {
      throw new Error(`Example ${title} is not what the edge answers:\n${differences.join('\n')}`);
    }
  }

  async #asked(example: DocumentedExample): Promise<Answer> {
    const { as, method, body } = example;
    const who = as === 'customer' ? { token: this.#token } : as === 'anybody' ? {} : { role: as };
    return await this.#ask(who, method, this.#target(example), this.#inserted(body));
  }

  /** The access token of the session of the examples. */
  get #token(): string {
    const found = [...this.#actual.values()].find((value) =>
      /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value),
    );
    if (found === undefined) throw new Error('No example has signed in');
    return found;
  }

  #target({ path, parameters }: DocumentedExample): string {
    const query = new URLSearchParams();
    let target = path;
    for (const { name, in: place, value } of parameters) {
      const values = [this.#inserted(value)].flat();
      if (place === 'path')
        target = target.replace(`{${name}}`, encodeURIComponent(String(values[0])));
      else for (const each of values) query.append(name, String(each));
    }
    return query.size === 0 ? target : `${target}?${String(query)}`;
  }

  /** With this platform's own values in the place of samples. */
  #inserted(value: unknown): unknown {
    if (value === undefined) return undefined;
    let text = JSON.stringify(value);
    for (const [sample, actual] of this.#actual) text = text.replaceAll(sample, actual);
    return JSON.parse(text) as unknown;
  }

  #differences(example: DocumentedExample, { status, body }: Answer): readonly string[] {
    if (status !== example.status) return [`  status ${status}, not ${example.status}: ${body}`];
    const answer = JSON.parse(body) as unknown;
    for (const pointer of example.gives) {
      const sample = String(at(example.response, pointer));
      const actual = at(answer, pointer);
      if (typeof actual === 'string' && !this.#actual.has(sample)) this.#actual.set(sample, actual);
    }
    return differences(this.#inserted(example.response), answer, new Set(example.varies), '');
  }
}

/** What a read finds once it finds what is expected, or after half a minute. */
async function settled(ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
  let found: readonly string[] = [];
  try {
    await eventually(
      async () => (found = await ask()),
      ({ length }) => length === 0,
      30_000,
    );
  } catch (error) {
    // Out of time it has found something; else it was not answered.
    if (found.length === 0) throw error;
  }
  return found;
}

function differences(
  expected: unknown,
  actual: unknown,
  varies: ReadonlySet<string>,
  pointer: string,
): readonly string[] {
  if (varies.has(pointer)) {
    const alike = Array.isArray(expected) ? Array.isArray(actual) : typeof actual === 'string';
    const isThere = alike && (actual as string | readonly unknown[]).length > 0;
    return isThere
      ? []
      : [`  ${pointer}: ${JSON.stringify(actual)}, not such as ${JSON.stringify(expected)}`];
  }
  if (
    !isBranch(expected) ||
    !isBranch(actual) ||
    Array.isArray(expected) !== Array.isArray(actual)
  ) {
    const same = JSON.stringify(expected) === JSON.stringify(actual);
    return same ? [] : [`  ${pointer}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`];
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...keys].flatMap((key) =>
    differences(expected[key], actual[key], varies, `${pointer}/${key}`),
  );
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The value at a JSON pointer whose keys have neither `~` nor `/`. */
function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, key) => (isBranch(inner) ? inner[key] : undefined), value);
}
