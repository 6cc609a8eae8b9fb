import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sha256, signed } from '../publication/signature.ts';
import { S3Error } from './s3-error.ts';

/** Who may come in, and for which region they have to sign. */
export interface Admission {
  /** By the id of an access key, its secret. */
  readonly keys: ReadonlyMap<string, string>;
  readonly region: string;
}

/** How far the clocks may be apart, as S3 has it. */
const MAX_SKEW_MS = 15 * 60_000;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** Holds a request against its signature, and its body against what was signed. Throws S3Error. */
export function checkSignature(
  request: IncomingMessage,
  url: URL,
  body: Uint8Array,
  { keys, region }: Admission,
): void {
  const [, id = '', , signedRegion, names = '', signature = ''] =
    AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
  if (signature === '') throw new S3Error(403, 'AccessDenied', 'the request is not signed');
  const secret = keys.get(id);
  if (secret === undefined) {
    throw new S3Error(403, 'InvalidAccessKeyId', 'the access key is not known');
  }
  if (signedRegion !== region) {
    throw new S3Error(400, 'AuthorizationHeaderMalformed', 'the region is wrong', region);
  }
  const { headers } = request;
  const signedNames = names.split(';');
  const toSign = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  if (
    !['x-amz-date', 'x-amz-content-sha256', ...toSign].every((name) => signedNames.includes(name))
  ) {
    throw new S3Error(403, 'AccessDenied', 'headers that have to be signed are not');
  }
  checkTime(String(headers['x-amz-date']));
  const expected = signed(
    {
      method: request.method ?? '',
      path: decodeURIComponent(url.pathname),
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(signedNames.map((name) => [name, String(headers[name] ?? '')])),
    },
    { id, secret },
    region,
  );
  if (!isSame(expected.slice(-signature.length), signature)) {
    throw new S3Error(403, 'SignatureDoesNotMatch', 'the signature is of another request or key');
  }
  checkBody(request, body);
}

function checkBody({ headers }: IncomingMessage, body: Uint8Array): void {
  if (sha256(body) !== headers['x-amz-content-sha256']) {
    throw new S3Error(400, 'XAmzContentSHA256Mismatch', 'the body is not the one that was signed');
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5) {
    throw new S3Error(400, 'BadDigest', 'the body does not fit Content-MD5');
  }
}

/** Of the form 20130524T000000Z. */
function checkTime(text: string): void {
  const time = Date.parse(
    text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (!(Math.abs(time - Date.now()) <= MAX_SKEW_MS)) {
    throw new S3Error(403, 'RequestTimeTooSkewed', 'the clocks differ by more than 15 minutes');
  }
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
