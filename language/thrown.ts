/** The SQLSTATE or system code of anything that was thrown. */
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

/** Whether `thrown` is an error of the operating system with this code, such as `ENOENT`. */
export function isSystemError(thrown: unknown, code: string): boolean {
  return codeOf(thrown) === code;
}
