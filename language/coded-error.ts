/**
 * A mistake or a circumstance that a user can fix: the message names the thing, the value given, what is
 * allowed and where to fix it. Every `code` is listed in docs/errors.md. Anything else that is thrown is a
 * bug and keeps its stack.
 */
export class CodedError extends Error {
  override readonly name: string = 'CodedError';
  readonly code: string;
  /** Every problem found, when several are reported at once. */
  readonly problems: readonly string[];

  constructor(
    code: string,
    message: string,
    options?: ErrorOptions & { readonly problems?: readonly string[] },
  ) {
    super(message, options);
    this.code = code;
    this.problems = options?.problems ?? [];
  }
}
