import { isSystemError } from '@meridian/language/thrown.ts';

/** A refusal, as S3 words it ("Error responses", Amazon S3 API Reference). */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly status: number;
  readonly code: string;
  readonly region: string | undefined;

  constructor(status: number, code: string, message: string, region?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.region = region;
  }

  get xml(): string {
    const region = this.region === undefined ? '' : `<Region>${this.region}</Region>`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${this.code}</Code><Message>${this.message}</Message>${region}</Error>`;
  }
}

/** What S3 and its like answer where a file cannot be written; undefined for what nobody expects. */
export function errorOfFile(error: unknown): S3Error | undefined {
  const isOneOf = (...codes: string[]): boolean => codes.some((code) => isSystemError(error, code));
  if (isOneOf('ENOSPC', 'EDQUOT')) return storageFull();
  return isOneOf('EROFS', 'EACCES', 'EPERM') ? readOnly() : undefined;
}

/** As MinIO words it; S3 itself is never full. */
export function storageFull(): S3Error {
  return new S3Error(507, 'XMinioStorageFull', 'the store has no room left');
}

export function readOnly(): S3Error {
  return new S3Error(405, 'MethodNotAllowed', 'the store can only be read');
}
