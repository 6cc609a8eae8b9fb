import { CodedError } from '@meridian/language/coded-error.ts';

/** Settings of a stack as Pulumi gives them: text by key, without the project's name. */
export type RawSettings = Readonly<Record<string, string>>;

/** Reads settings and collects every problem, so that a user mends them all at once. */
export class SettingReader {
  readonly #raw: RawSettings;
  readonly #file: string;
  readonly #problems: string[] = [];
  readonly #known = new Set<string>();

  constructor(raw: RawSettings, file: string) {
    this.#raw = raw;
    this.#file = file;
  }

  /** A whole number of a range, both ends included. */
  integer(key: string, range: readonly [least: number, most: number], preset: number): number {
    const text = this.#take(key);
    if (text === undefined) return preset;
    const [least, most] = range;
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
    this.problem(key, `must be a whole number from ${least} to ${most}`, text);
    return preset;
  }

  /** A text that fits the pattern; `allowed` says in words what fits. */
  text(key: string, pattern: RegExp, allowed: string, preset: string): string {
    const text = this.#take(key);
    if (text === undefined) return preset;
    if (pattern.test(text)) return text;
    this.problem(key, `must be ${allowed}`, text);
    return preset;
  }

  /** A JSON object of texts that all fit the pattern; whoever uses it checks its keys. */
  texts(key: string, pattern: RegExp, allowed: string): Readonly<Record<string, string>> {
    const text = this.#take(key);
    if (text === undefined) return {};
    const parsed = parseObject(text);
    const entries = Object.entries(parsed ?? {});
    for (const [name, value] of entries) {
      if (typeof value === 'string' && pattern.test(value)) continue;
      this.problem(`${key}.${name}`, `must be ${allowed}`, String(value));
    }
    if (parsed === undefined) this.problem(key, 'must be a JSON object of texts', text);
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }

  /** A JSON object of whole numbers, such as {"catalog": 6}; whoever uses it checks their range. */
  counts(key: string): Readonly<Record<string, number>> {
    const text = this.#take(key);
    if (text === undefined) return {};
    const counts = parseCounts(text);
    if (counts === undefined) {
      this.problem(key, `must be a JSON object of whole numbers, such as {"catalog": 6}`, text);
    }
    return counts ?? {};
  }

  /** Notes a problem of a setting. */
  problem(key: string, rule: string, given: string): void {
    this.#problems.push(
      `Setting 'meridian:${key}': ${rule}, got '${given}'; set it in ${this.#file} (pulumi config set ${key} …)`,
    );
  }

  /** Throws CodedError SETTINGS_INVALID when a setting was wrong or nobody knows it. */
  finish(): void {
    const known = [...this.#known].map((key) => `'${key}'`).join(', ');
    const unknown = Object.keys(this.#raw)
      .filter((key) => !this.#known.has(key))
      .map(
        (key) =>
          `Setting 'meridian:${key}': must be one of ${known}, got '${key}'; remove it from ${this.#file} (pulumi config rm ${key})`,
      );
    const problems = [...this.#problems, ...unknown];
    if (problems.length === 0) return;
    throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }

  #take(key: string): string | undefined {
    this.#known.add(key);
    return this.#raw[key];
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return undefined;
  return parsed as Readonly<Record<string, unknown>>;
}

function parseCounts(text: string): Readonly<Record<string, number>> | undefined {
  const parsed = parseObject(text);
  if (parsed === undefined) return undefined;
  const entries = Object.entries(parsed);
  return entries.every((entry): entry is [string, number] => Number.isInteger(entry[1]))
    ? Object.fromEntries(entries)
    : undefined;
}
