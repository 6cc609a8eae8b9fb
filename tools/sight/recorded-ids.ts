/** Names things again by numbers, so that a recording has no id of the platform that it was made of. */
export class RecordedIds {
  readonly #known = new Map<string, string>();
  readonly #digits: number;
  readonly #prefix: string;

  /** @param digits hexadecimal ones of an id */
  constructor(digits: number, prefix = '') {
    this.#digits = digits;
    this.#prefix = prefix;
  }

  /** The same for the same id. */
  of(id: string): string {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const number = (this.#known.size + 1).toString(16).padStart(this.#digits, '0');
    const name = `${this.#prefix}${number}`;
    this.#known.set(id, name);
    return name;
  }
}
