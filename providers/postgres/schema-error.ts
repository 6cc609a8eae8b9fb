/** A mistake in migrations that a user can mend. Each `code` is listed in docs/errors.md. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The SQLSTATE or system code of an error. */
export function codeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
}

/**
 * The message of anything that was thrown. Judged by its shape, as `instanceof` fails for an error of
 * another realm (jest runs tests in one).
 */
export function messageOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown
    ? String(thrown.message)
    : String(thrown);
}
