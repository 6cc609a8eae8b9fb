import { createHash, createHmac } from 'node:crypto';

/*
 * AWS Signature Version 4 as S3 and all that speak like it check it. Source: "Authenticating Requests: Using
 * the Authorization Header", Amazon S3 API Reference; its examples are the tests.
 */

/** What a client proves itself by. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** What of a request is signed. */
export interface RequestToSign {
  readonly method: string;
  /** With its first slash, not encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** In lower case; `host` (with its port, where the URL has one), `x-amz-date` and `x-amz-content-sha256` are needed. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The service that every signature is for. */
const SCOPE_END = 's3/aws4_request';

/** The value of the header `authorization`. */
export function signed(request: RequestToSign, key: AccessKey, region: string): string {
  const date = (request.headers['x-amz-date'] ?? '').slice(0, 'YYYYMMDD'.length);
  const scope = `${date}/${region}/${SCOPE_END}`;
  const names = Object.keys(request.headers).toSorted();
  const signature = signatureOf(request, names, { secret: key.secret, date, region, scope });
  return `AWS4-HMAC-SHA256 Credential=${key.id}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}

/** SHA-256 as the header `x-amz-content-sha256` says it. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The time as the header `x-amz-date` says it: 20130524T000000Z. */
export function amzDate(time: Date): string {
  return time.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

/** The path as it is signed and sent. */
export function encodedPath(path: string): string {
  return path.split('/').map(encoded).join('/');
}

/** The query as it is signed and sent, without a question mark. */
export function encodedQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
}

function signatureOf(
  { method, path, query, headers }: RequestToSign,
  names: readonly string[],
  scoped: {
    readonly secret: string;
    readonly date: string;
    readonly region: string;
    readonly scope: string;
  },
): string {
  const canonical = [
    method,
    encodedPath(path),
    encodedQuery(query),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`),
    '',
    names.join(';'),
    headers['x-amz-content-sha256'] ?? '',
  ].join('\n');
  const { secret, date, region, scope } = scoped;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'] ?? '', scope, sha256(canonical)];
  const signingKey = [date, region, ...SCOPE_END.split('/')].reduce<string | Buffer>(
    (key, part) => hmac(key, part),
    `AWS4${secret}`,
  );
  return hmac(signingKey, text.join('\n')).toString('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** By RFC 3986, of which encodeURIComponent leaves five characters alone. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
