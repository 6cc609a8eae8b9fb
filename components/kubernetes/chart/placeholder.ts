/** Paths of the leaves of a type, such as 'replicas.min'. */
export type LeafPath<T> = {
  [K in keyof T & string]: T[K] extends string | number ? K : `${K}.${LeafPath<T[K]>}`;
}[keyof T & string];

/** The type of the leaf at a path. */
export type LeafAt<T, Path extends string> = Path extends keyof T
  ? T[Path]
  : Path extends `${infer Head}.${infer Tail}`
    ? Head extends keyof T
      ? LeafAt<T[Head], Tail>
      : never
    : never;

/** JSON Schema of one value. */
export type LeafSchema = Readonly<Record<string, unknown>>;

/** The values that a chart leaves open: for each leaf of the type, by its path, what it may be. */
export type OpenValues<Values> = {
  readonly [Path in LeafPath<Values>]: LeafSchema & {
    readonly type: LeafAt<Values, Path> extends number ? 'integer' : 'string';
  };
};

/** First of the numbers that stand for values that are numbers; no port or count is as large. */
const FIRST_NUMBER = 1_900_000_000;

const HELM_OPENS = '{{';
const HELM_LITERAL = '{{ "{{" }}';

/**
 * What stands for the open values of a chart while its objects are made: texts and numbers that cdk8s takes
 * for ordinary ones, and that become `{{ .Values… }}` in the text of a chart, or the values themselves in objects
 * that are declared.
 */
export class Placeholders<Values> {
  readonly #open: OpenValues<Values>;
  readonly #paths: readonly string[];

  constructor(open: OpenValues<Values>) {
    this.#open = open;
    this.#paths = Object.keys(open);
  }

  /** Stands for the value at a path. */
  at<Path extends LeafPath<Values>>(path: Path): LeafAt<Values, Path> {
    // The type of the leaf decides which of the two its marker is.
    return this.#marker(path) as LeafAt<Values, Path>;
  }

  /**
   * The text as a template of Helm's: placeholders refer to their values, and everything else stays
   * as it is. Throws Error when a value occurs nowhere in `texts`, which is a bug.
   */
  templates(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const unused = this.#paths.filter(
      (path) => !Object.values(texts).some((text) => text.includes(String(this.#marker(path)))),
    );
    if (unused.length > 0) throw new Error(`Values that no template uses: ${unused.join(', ')}`);
    return Object.fromEntries(
      Object.entries(texts).map(([file, text]) => [file, this.#template(text)]),
    );
  }

  /** A plain value with the values themselves in place of what stands for them, however deep. */
  filled<Plain>(plain: Plain, values: Values): Plain {
    const markers = this.#paths.map((path) => [this.#marker(path), leafAt(values, path)] as const);
    const fill = (value: unknown): unknown => {
      if (typeof value === 'string') {
        return markers.reduce((text, [mark, leaf]) => text.replaceAll(String(mark), leaf), value);
      }
      if (typeof value === 'number') {
        const [, leaf] = markers.find(([mark]) => mark === value) ?? [];
        return leaf === undefined ? value : Number(leaf);
      }
      if (Array.isArray(value)) return value.map(fill);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member)]));
    };
    return fill(plain) as Plain;
  }

  /** JSON Schema of the values: every one must be there, and no other may be. */
  schema(): Readonly<Record<string, unknown>> {
    return {
      $schema: 'http://json-schema.org/draft-07/schema#',
      ...objectSchema(Object.entries<LeafSchema>(this.#open)),
    };
  }

  #template(text: string): string {
    return this.#paths.reduce(
      (result, path) => withReference(result, this.#marker(path), `{{ .Values.${path} }}`),
      text.replaceAll(HELM_OPENS, HELM_LITERAL),
    );
  }

  #marker(path: string): string | number {
    const position = this.#paths.indexOf(path);
    const { type } = this.#open[path as LeafPath<Values>];
    return type === 'integer' ? FIRST_NUMBER + position : `value-${position}-of-the-chart`;
  }
}

/** A text that is all of a YAML value stays one, though what Helm puts there may look like a number. */
function withReference(text: string, marker: string | number, reference: string): string {
  const quoted =
    typeof marker === 'string' ? text.replaceAll(`: ${marker}\n`, `: "${reference}"\n`) : text;
  return quoted.replaceAll(String(marker), reference);
}

function leafAt(values: unknown, path: string): string {
  const leaf = path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], values);
  return String(leaf);
}

function objectSchema(
  leaves: readonly (readonly [path: string, schema: LeafSchema])[],
): LeafSchema {
  const byHead = Map.groupBy(leaves, ([path]) => path.split('.')[0] ?? path);
  const properties = [...byHead].map(([head, below]) => {
    const [first] = below;
    const schema =
      first?.[0] === head
        ? first[1]
        : objectSchema(below.map(([path, leaf]) => [path.slice(head.length + 1), leaf]));
    return [head, schema] as const;
  });
  return {
    type: 'object',
    additionalProperties: false,
    required: [...byHead.keys()],
    properties: Object.fromEntries(properties),
  };
}
