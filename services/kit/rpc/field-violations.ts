/** One field of a request that is not as its contract says. */
export interface FieldViolation {
  /** Path in the request, such as `products[3].price.currency_code`. */
  readonly field: string;
  /** What was given and what is allowed. */
  readonly description: string;
}

/** How much of a wrong value a message repeats, in characters. */
const QUOTE_LENGTH_MAX = 40;

/** Violations in the details of an answer at most; gRPC trailers should stay under 8 KiB. */
const DETAILS_MAX = 10;
/** Violations spelled out in the message itself at most. */
const SUMMARY_MAX = 3;

/** Gathers what is wrong with a request, so that one answer can say all of it. */
export class FieldViolations {
  readonly #found: FieldViolation[] = [];
  #count = 0;

  /** The first violations, as many as an answer can carry. */
  get found(): readonly FieldViolation[] {
    return this.#found;
  }

  /** Notes a violation. */
  add(field: string, description: string): void {
    this.#count += 1;
    if (this.#found.length < DETAILS_MAX) this.#found.push({ field, description });
  }

  /** The first violations in one line, and how many there are besides. */
  summary(): string {
    const shown = this.#found.slice(0, SUMMARY_MAX);
    const line = shown.map(({ field, description }) => `${field} ${description}`).join('; ');
    const rest = this.#count - shown.length;
    return rest === 0 ? line : `${line}; and ${rest} more`;
  }
}

/** A value as a message repeats it: quoted, control characters escaped, cut if long. */
export function quote(value: string): string {
  const characters = Array.from(value);
  const shown = characters.slice(0, QUOTE_LENGTH_MAX).join('');
  const escaped = JSON.stringify(shown).slice(1, -1);
  return characters.length > QUOTE_LENGTH_MAX ? `'${escaped}…'` : `'${escaped}'`;
}

/** Length as people and PostgreSQL's char_length count it: in code points. */
export function lengthOf(value: string): number {
  return Array.from(value).length;
}
