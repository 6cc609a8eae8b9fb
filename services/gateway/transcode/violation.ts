/** One part of a request that was refused. */
export interface Violation {
  /** Path of the field in JSON names, such as `products[3].price.currencyCode`. */
  readonly field: string;
  /** What was given and what is allowed; ends up in the response. */
  readonly detail: string;
}

/** How many violations one answer lists at most. */
export const MAX_VIOLATIONS = 20;

/** A request that the contract does not allow: the caller can fix it, so it is never logged as ours. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
  readonly violations: readonly Violation[];
  /** The body is not JSON at all, as opposed to JSON that does not fit the contract. */
  readonly kind: 'malformed-json' | 'invalid-argument';

  constructor(
    kind: InvalidRequest['kind'],
    message: string,
    violations: readonly Violation[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.kind = kind;
    // A path may hold names that the caller chose, and be cut between the halves of a surrogate pair: what is
    // sent has to be UTF-8 (RFC 8259 section 8.1), and has no NUL, as nothing of ours.
    this.violations = violations
      .slice(0, MAX_VIOLATIONS)
      .map(({ field, detail }) => ({ field: field.replaceAll('\0', '').toWellFormed(), detail }));
  }
}

/** Shortens a value given by the caller before it is repeated to them. */
export function quote(value: string): string {
  const limit = 60;
  return JSON.stringify(value.length > limit ? `${value.slice(0, limit)}…` : value);
}
