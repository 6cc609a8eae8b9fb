import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { HttpBinding } from '../transcode/http-binding.ts';
import { fullName } from './comments.ts';
import type { Schema } from './schemas.ts';

/** An example of a contract as the document shows it, and as whoever executes it needs it. */
export interface ShownExample {
  readonly name: string;
  readonly summary: string;
  /** Nobody in particular, the customer of the examples, or somebody with the role. */
  readonly as: string;
  /** The request message. */
  readonly request: JsonObject;
  /** The response body. */
  readonly response: JsonValue;
  /** Examples that come before, as `PayOrder` or `CreateOrder/declined`. */
  readonly after: readonly string[];
  readonly last: boolean;
  /** JSON pointers to what differs each time in the response. */
  readonly varies: readonly string[];
  /** And to what of it others use, whose samples stand for it wherever they are. */
  readonly gives: readonly string[];
}

/** The examples of methods by their full names, as gen/examples.json has them. */
export type ExampleTable = Readonly<Record<string, readonly ShownExample[]>>;

/** The examples of one operation; those of a method are shown at its first path. */
export class OperationExamples {
  readonly #binding: HttpBinding;
  readonly #examples: readonly ShownExample[];

  constructor(table: ExampleTable, binding: HttpBinding) {
    this.#binding = binding;
    this.#examples = binding.index === 0 ? (table[fullName(binding.method)] ?? []) : [];
  }

  /** A parameter with the values that the examples give it. */
  parameter(parameter: Schema): Schema {
    return {
      ...parameter,
      ...this.#shown(({ request }) => valueAt(request, String(parameter['name']))),
    };
  }

  /** A media type of the request body with them. */
  get body(): Schema {
    const { body, pathFields } = this.#binding;
    if (body === 'none') return {};
    if (body !== 'whole') return this.#shown(({ request }) => request[body.jsonName]);
    const inPath = pathFields.map(([{ jsonName }]) => jsonName);
    return this.#shown(({ request }) =>
      Object.fromEntries(Object.entries(request).filter(([key]) => !inPath.includes(key))),
    );
  }

  /** A media type of the response with them. */
  get response(): Schema {
    return this.#shown(({ response }) => response);
  }

  /** How they are executed: by whom, after which others, and what differs each time. */
  get execution(): Schema {
    if (this.#examples.length === 0) return {};
    return {
      'x-examples': Object.fromEntries(
        this.#examples.map(({ name, as, after, last, varies, gives }) => [
          name,
          { as, after, last, varies, gives },
        ]),
      ),
    };
  }

  #shown(valueOf: (example: ShownExample) => JsonValue | undefined): Schema {
    const shown = this.#examples.flatMap((example) => {
      const value = valueOf(example);
      const { name, summary } = example;
      return value === undefined ? [] : [[name, { summary, value }] as const];
    });
    return shown.length === 0 ? {} : { examples: Object.fromEntries(shown) };
  }
}

/** The value at a dotted path of JSON names. */
function valueAt(request: JsonObject, dotted: string): JsonValue | undefined {
  return dotted.split('.').reduce<JsonValue | undefined>((at, key) => {
    if (at === null || typeof at !== 'object' || Array.isArray(at)) return undefined;
    return at[key];
  }, request);
}
