/** What a value of a configuration file was instead of what is allowed. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/**
 * Reads typed values out of parsed JSON and notes every problem instead of stopping at the first,
 * so that a file is fixed in one go.
 */
export class ObjectReader {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #problems: string[];
  readonly #seen = new Set<string>();

  constructor(value: unknown, path: string, problems: string[]) {
    this.#path = path;
    this.#problems = problems;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      this.#object = value as Record<string, unknown>;
    } else {
      this.#object = {};
      this.#problems.push(
        `${path === '' ? 'the file' : path}: must be an object, got ${describe(value)}`,
      );
    }
  }

  /** A non-empty string that fits the pattern; `allowed` says in words what fits. */
  string(key: string, pattern = /./, allowed = 'a non-empty string'): string {
    const value = this.#take(key);
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.#refuse(key, allowed, value);
    return '';
  }

  /** The same, or undefined when the key is absent. */
  optionalString(key: string, pattern = /./, allowed = 'a non-empty string'): string | undefined {
    return this.has(key) ? this.string(key, pattern, allowed) : undefined;
  }

  /** A whole number within bounds, both included. */
  integer(key: string, minimum: number, maximum: number, fallback?: number): number {
    const value = this.#take(key);
    if (value === undefined && fallback !== undefined) return fallback;
    if (Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum) {
      return value as number;
    }
    this.#refuse(key, `a whole number from ${minimum} to ${maximum}`, value);
    return minimum;
  }

  /** The reader of a nested object; an absent one reads as empty when it is optional. */
  object(key: string, presence: 'required' | 'optional' = 'required'): ObjectReader {
    const value = this.#take(key);
    return new ObjectReader(
      value === undefined && presence === 'optional' ? {} : value,
      this.#at(key),
      this.#problems,
    );
  }

  /** A list of strings that all fit the pattern. */
  strings(key: string, pattern: RegExp, allowed: string): readonly string[] {
    const value = this.#take(key);
    if (isListOf(value, pattern)) return value;
    this.#refuse(key, `a list of ${allowed}`, value);
    return [];
  }

  /** The readers of all its values, which must be objects, by their keys. */
  objects(): readonly (readonly [key: string, reader: ObjectReader])[] {
    return Object.keys(this.#object).map((key) => [key, this.object(key)]);
  }

  /** An object whose values are lists of strings that all fit the pattern. */
  stringLists(key: string, pattern: RegExp, allowed: string): Record<string, readonly string[]> {
    const lists = this.object(key);
    const result: Record<string, readonly string[]> = {};
    for (const [name, value] of Object.entries(lists.#object)) {
      lists.#seen.add(name);
      if (isListOf(value, pattern)) {
        result[name] = value;
      } else {
        lists.#refuse(name, `a list of ${allowed}`, value);
      }
    }
    return result;
  }

  /** Whether the key is there at all. */
  has(key: string): boolean {
    this.#seen.add(key);
    return this.#object[key] !== undefined;
  }

  /** Refuses what nobody asked for: most often a misspelt key. */
  finish(): void {
    for (const key of Object.keys(this.#object)) {
      if (!this.#seen.has(key)) {
        const known = [...this.#seen].sort().join(', ');
        this.#problems.push(`${this.#at(key)}: is not known here; known are ${known}`);
      }
    }
  }

  #take(key: string): unknown {
    this.#seen.add(key);
    return this.#object[key];
  }

  #at(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #refuse(key: string, allowed: string, value: unknown): void {
    this.#problems.push(`${this.#at(key)}: must be ${allowed}, got ${describe(value)}`);
  }
}

function isListOf(value: unknown, pattern: RegExp): value is readonly string[] {
  return (
    Array.isArray(value) && value.every((item) => typeof item === 'string' && pattern.test(item))
  );
}
