/**
 * A mistake in what a process was given (its configuration, bindings or certificates): the message
 * names the file, the key, the value and what is allowed. The process ends with that one line.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** Stable code, listed in docs/errors.md. */
  readonly code: ConfigurationErrorCode;

  constructor(code: ConfigurationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The mistakes that stop a process before it serves. */
export type ConfigurationErrorCode =
  'KIT_CONFIGURATION' | 'KIT_BINDING' | 'KIT_CERTIFICATE' | 'KIT_ADDRESS_IN_USE';
