/** What is wrong with the store, as far as it matters to whoever runs it. */
export type TroubleKind =
  | 'away'
  | 'bucket-absent'
  | 'clock'
  | 'conflict'
  | 'denied'
  | 'full'
  | 'read-only'
  | 'region'
  | 'unexpected'
  | 'unversioned';

/** The store did not do what it was asked, in words for whoever runs it; no secret is part of them. */
export class StoreTrouble extends Error {
  override readonly name = 'StoreTrouble';
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** An answer that is none of the expected ones. */
export interface Refusal {
  readonly status: number;
  /** S3's own word for it, empty where the answer has none. */
  readonly code: string;
  /** Where the bucket is, if the store says so. */
  readonly region: string | undefined;
  /** The store's clock at the answer. */
  readonly date: string | undefined;
}

/**
 * S3's words ("Error responses", Amazon S3 API Reference), and those of MinIO (cmd/api-errors.go) and Ceph
 * (rgw_common.cc) where they have their own.
 */
const KIND_OF_CODE: Readonly<Record<string, TroubleKind>> = {
  AccessDenied: 'denied',
  AllAccessDisabled: 'denied',
  InvalidAccessKeyId: 'denied',
  SignatureDoesNotMatch: 'denied',
  NoSuchBucket: 'bucket-absent',
  RequestTimeTooSkewed: 'clock',
  AuthorizationHeaderMalformed: 'region',
  PermanentRedirect: 'region',
  TemporaryRedirect: 'region',
  QuotaExceeded: 'full',
  XMinioStorageFull: 'full',
  XMinioAdminBucketQuotaExceeded: 'full',
  MethodNotAllowed: 'read-only',
  ConditionalRequestConflict: 'away',
  OperationAborted: 'away',
  RequestTimeout: 'away',
};

const KIND_OF_STATUS: Readonly<Record<number, TroubleKind>> = {
  301: 'region',
  307: 'region',
  401: 'denied',
  403: 'denied',
  405: 'read-only',
  408: 'away',
  409: 'away',
  429: 'away',
  507: 'full',
};

/** What an answer means. */
export function troubleOf(
  place: string,
  did: string,
  refusal: Refusal,
  now = Date.now(),
): StoreTrouble {
  const { status, code } = refusal;
  const kind =
    KIND_OF_CODE[code] ?? KIND_OF_STATUS[status] ?? (status >= 500 ? 'away' : 'unexpected');
  const got = `${status} ${code}`.trim();
  return new StoreTrouble(
    kind,
    `Checkpoint store ${place}: must let the audit log ${did}, got ${got}; ${adviceOf(kind, refusal, now)}`,
  );
}

function adviceOf(kind: TroubleKind, { region, date }: Refusal, now: number): string {
  switch (kind) {
    case 'away':
      return 'it is asked again';
    case 'bucket-absent':
      return "make the bucket, with versions, or correct 'bucket' in the stack's settings";
    case 'clock':
      return `set the clock of this machine or of the store, which differ by ${skewOf(date, now)} seconds`;
    case 'denied':
      return 'check its access key, and that this may list, read and write in the bucket (docs/deploying.md)';
    case 'full':
      return 'give it room';
    case 'read-only':
      return 'let it be written again';
    case 'region':
      return `set 'region' in the stack's settings${region === undefined ? '' : ` to '${region}'`}`;
    case 'conflict':
    case 'unexpected':
    case 'unversioned':
      return 'see whether it speaks the S3 API (docs/deploying.md)';
  }
}

function skewOf(date: string | undefined, now: number): string {
  const there = Date.parse(date ?? '');
  return Number.isNaN(there) ? 'unknown' : String(Math.round(Math.abs(there - now) / 1_000));
}
