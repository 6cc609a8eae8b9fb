/** Why a Job failed, in words for whoever reads its log. Each `code` is listed in docs/errors.md. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
