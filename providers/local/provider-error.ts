/**
 * A mistake or a circumstance that a user can mend, as `PlatformError` is elsewhere (providers import
 * nothing of the platform's model). Each `code` is listed in docs/errors.md.
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export { messageOf } from '@meridian/provider-postgres/schema-error.ts';

/** Whether `thrown` is an error of the operating system with this code, such as `ENOENT`. */
export function isSystemError(thrown: unknown, code: string): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === code;
}
