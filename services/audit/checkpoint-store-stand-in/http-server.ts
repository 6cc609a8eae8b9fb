import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { STAND_IN_HEALTH_PATH } from '@meridian/language/stand-in-configuration.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { checkSignature } from './check-signature.ts';
import type { Admission } from './check-signature.ts';
import { ObjectFiles } from './object-files.ts';
import { errorOfFile, S3Error } from './s3-error.ts';
import { makeTrouble } from './trouble.ts';
import type { StoreBehaviour } from './trouble.ts';

/** What the server needs of its world. */
export interface StoreServerOptions {
  readonly bucket: string;
  readonly files: ObjectFiles;
  readonly dataFolder: string;
  readonly behaviour: StoreBehaviour;
  /** Read at each request. */
  readonly admission: () => Admission;
  readonly log: (message: string) => void;
}

interface Reply {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

const BODY_MAX_BYTES = 2 ** 20;
const PAGE = 1_000;

/** The part of the S3 API that a log of heads needs, and nothing that removes. */
export function createStoreServer(options: StoreServerOptions): Server {
  return createServer((request, response) => {
    replyTo(request, options)
      .catch((error: unknown) => replyOf(error, options))
      .then((reply) => send(request, response, reply))
      .catch((error: unknown) => options.log(`no answer could be sent: ${messageOf(error)}`));
  });
}

function replyOf(error: unknown, { log }: StoreServerOptions): Reply {
  const known = error instanceof S3Error ? error : errorOfFile(error);
  if (known === undefined || !(error instanceof S3Error)) {
    log(`request failed: ${messageOf(error)}`);
  }
  const { status, xml } = known ?? new S3Error(500, 'InternalError', 'see the log');
  return { status, body: xml, headers: { 'content-type': 'application/xml' } };
}

async function replyTo(request: IncomingMessage, options: StoreServerOptions): Promise<Reply> {
  const { dataFolder, behaviour, bucket } = options;
  const url = new URL(request.url ?? '/', 'http://stand-in');
  if (url.pathname === STAND_IN_HEALTH_PATH) return { status: 200, body: '{"standsIn":true}' };
  const method = request.method ?? '';
  const body = await bodyOf(request);
  await makeTrouble(dataFolder, method === 'PUT', behaviour);
  checkSignature(request, url, body, options.admission());
  const [, given, key] = /^\/([^/]+)(?:\/(.*))?$/.exec(decodeURIComponent(url.pathname)) ?? [];
  if (given !== bucket) throw new S3Error(404, 'NoSuchBucket', 'there is one bucket, and not this');
  const reads = method === 'GET' || method === 'HEAD';
  if (key === undefined || key === '') {
    if (reads) return ofBucket(url.searchParams, options);
  } else if (!ObjectFiles.isKey(key)) {
    throw new S3Error(400, 'InvalidArgument', 'keys are names of files, without a dot in front');
  } else if (reads) {
    return readObject(key, url.searchParams.get('versionId') ?? undefined, options);
  } else if (method === 'PUT') {
    return writeObject(key, body, request, options);
  }
  throw new S3Error(403, 'AccessDenied', 'the key of the audit log may list, read and write');
}

function ofBucket(query: URLSearchParams, { files }: StoreServerOptions): Reply {
  const headers = { 'content-type': 'application/xml' };
  if (query.has('versioning')) {
    return {
      status: 200,
      headers,
      body: xml('VersioningConfiguration', '<Status>Enabled</Status>'),
    };
  }
  if (query.get('list-type') !== '2') {
    throw new S3Error(501, 'NotImplemented', 'a bucket has objects (ListObjectsV2) and versions');
  }
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const count = Math.min(Number(query.get('max-keys') ?? PAGE), PAGE);
  const { keys, more } = files.keysAfter(query.get('prefix') ?? '', after, count);
  const next = more ? `<NextContinuationToken>${keys.at(-1) ?? ''}</NextContinuationToken>` : '';
  const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
  const body = `<KeyCount>${keys.length}</KeyCount><IsTruncated>${more}</IsTruncated>${next}${contents}`;
  return { status: 200, headers, body: xml('ListBucketResult', body) };
}

function readObject(
  key: string,
  version: string | undefined,
  { files }: StoreServerOptions,
): Reply {
  if (version !== undefined && !/^[0-9a-f-]+$/.test(version)) {
    throw new S3Error(400, 'InvalidArgument', 'there is no such version');
  }
  const body = files.get(key, version);
  if (body === undefined) throw new S3Error(404, 'NoSuchKey', 'there is no such object');
  return { status: 200, body, headers: { etag: etagOf(body), 'content-type': 'text/plain' } };
}

function writeObject(
  key: string,
  body: Uint8Array,
  { headers }: IncomingMessage,
  { files }: StoreServerOptions,
): Reply {
  const condition = headers['if-none-match'];
  if (condition !== undefined && condition !== '*') {
    throw new S3Error(501, 'NotImplemented', 'If-None-Match may be * alone');
  }
  const version = files.put(key, body, condition === '*');
  if (version === undefined) throw new S3Error(412, 'PreconditionFailed', 'the object is there');
  return { status: 200, body: '', headers: { etag: etagOf(body), 'x-amz-version-id': version } };
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES)
      throw new S3Error(400, 'EntityTooLarge', 'a head has a mebibyte at most');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send({ method }: IncomingMessage, response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers });
  response.end(method === 'HEAD' ? undefined : reply.body);
}

function xml(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;
}

function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
