import { PlatformError } from '@meridian/components/model/platform-error.ts';

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

  /** Throws PlatformError SETTINGS_INVALID when a setting was wrong or nobody knows it. */
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
    throw new PlatformError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }

  #take(key: string): string | undefined {
    this.#known.add(key);
    return this.#raw[key];
  }
}

function parseCounts(text: string): Readonly<Record<string, number>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return undefined;
  const entries = Object.entries(parsed) as readonly (readonly [string, unknown])[];
  return entries.every((entry): entry is readonly [string, number] => Number.isInteger(entry[1]))
    ? Object.fromEntries(entries)
    : undefined;
}
