import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { bindingTo } from '../testing/store-binding.ts';
import { headOf } from '../testing/store-contract.ts';
import { ObjectStore } from './object-store.ts';
import { publishedHeads } from './published-heads.ts';

/*
 * Stores that are not quite S3, as their users report them; the contract that all good ones keep is tested with
 * the stand-in and, in tests/long, with moto.
 */

interface Canned {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const VERSIONED: Canned = { status: 200, body: '<X><Status>Enabled</Status></X>' };
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A store that answers as it is told, 404 where it is told nothing. */
async function storeThat(answer: (request: IncomingMessage) => Canned | undefined) {
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      const isQuestion = request.url?.endsWith('?versioning=') === true;
      const canned = answer(request) ?? (isQuestion ? VERSIONED : { status: 404 });
      response.writeHead(canned.status, canned.headers).end(canned.body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const store = new ObjectStore(bindingTo(`http://127.0.0.1:${port}`));
  closers.push(
    () => store.close(),
    () => {
      server.closeAllConnections();
      server.close();
    },
  );
  const warnings: string[] = [];
  const places = publishedHeads(store, {
    warn: (_fields: unknown, message?: string) => warnings.push(message ?? ''),
  });
  return { heads: places(1), successor: () => places(2), warnings };
}

const errorXml = (code: string, more = '') => `<Error><Code>${code}</Code>${more}</Error>`;
const keyIn = (request: IncomingMessage) => /^\/checkpoints\/([^?]+)$/.exec(request.url ?? '')?.[1];
const written = (request: IncomingMessage): Canned => ({
  status: keyIn(request) === 'written-once' ? 412 : 200,
});
const listing = (keys: readonly string[], more = false) => ({
  status: 200,
  body: `<ListBucketResult><IsTruncated>${more}</IsTruncated>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`,
});

test.each<readonly [string, Canned, string, RegExp]>([
  [
    'a wrong key',
    { status: 403, body: errorXml('AccessDenied') },
    'denied',
    /403 AccessDenied; check its access key/,
  ],
  ['no word at all', { status: 403 }, 'denied', /got 403; check/],
  [
    'another region',
    { status: 400, body: errorXml('AuthorizationHeaderMalformed', '<Region>eu-west-1</Region>') },
    'region',
    /set 'region' in the stack's settings to 'eu-west-1'/,
  ],
  [
    'a moved bucket',
    { status: 301, headers: { 'x-amz-bucket-region': 'us-west-2' } },
    'region',
    /to 'us-west-2'/,
  ],
  [
    'a clock that is an hour off',
    {
      status: 403,
      body: errorXml('RequestTimeTooSkewed'),
      headers: { date: new Date(Date.now() - 3_600_000).toUTCString() },
    },
    'clock',
    /which differ by 3[56]\d\d seconds/,
  ],
  ['no room', { status: 507, body: errorXml('XMinioStorageFull') }, 'full', /give it room/],
  ['a quota of Ceph', { status: 403, body: errorXml('QuotaExceeded') }, 'full', /give it room/],
  [
    'a store that is only read',
    { status: 405, body: errorXml('MethodNotAllowed') },
    'read-only',
    /let it be written/,
  ],
  [
    'a conflict that passes',
    { status: 409, body: errorXml('ConditionalRequestConflict') },
    'away',
    /asked again/,
  ],
  ['too many requests', { status: 503, body: errorXml('SlowDown') }, 'away', /asked again/],
  ['a proxy in front', { status: 502, body: '<html>Bad gateway</html>' }, 'away', /got 502; it is/],
  [
    'no bucket',
    { status: 404, body: errorXml('NoSuchBucket') },
    'bucket-absent',
    /make the bucket/,
  ],
  [
    'words for a machine',
    { status: 400, body: errorXml('x"\n{y}') },
    'unexpected',
    /got 400; see whether/,
  ],
])('says of %s what to do', async (_name, canned, kind, message) => {
  const { heads } = await storeThat(({ method }) => (method === 'PUT' ? canned : undefined));
  const publishing = heads.publish(headOf(1n));
  await expect(publishing).rejects.toMatchObject({
    kind,
    message: expect.stringMatching(message) as unknown,
  });
});

test('waits for an answer so long, and asks another time for all it did not learn', async () => {
  let away = true;
  const { heads } = await storeThat((request) => {
    if (away) request.socket.destroy();
    return request.method === 'PUT' ? written(request) : undefined;
  });
  await expect(heads.publish(headOf(1n))).rejects.toMatchObject({ kind: 'away' });
  away = false;
  await heads.publish(headOf(1n));
});

test('refuses a bucket that loses versions, and says once that a store does not tell', async () => {
  const lost = await storeThat(({ method }) =>
    method === 'GET' ? { status: 200, body: '<VersioningConfiguration/>' } : { status: 200 },
  );
  await expect(lost.heads.publish(headOf(1n))).rejects.toMatchObject({ kind: 'unversioned' });
  const untold = await storeThat((request) =>
    request.method === 'GET' ? { status: 501, body: errorXml('NotImplemented') } : written(request),
  );
  for (const size of [1n, 2n]) {
    await untold.heads.publish(headOf(size));
    await untold.successor().publish(headOf(size));
  }
  expect(untold.warnings).toEqual([
    expect.stringContaining('does not say whether it keeps versions'),
  ]);
});

test.each([
  ['ignores the condition', 200],
  ['has no conditions', 501],
])('looks for a head before it writes one where the store %s', async (_name, status) => {
  const objects = new Map<string, string>();
  const { heads, warnings } = await storeThat((request) => {
    const key = keyIn(request) ?? '';
    if (request.method !== 'PUT') {
      const body = objects.get(key);
      return body === undefined ? undefined : { status: 200, body };
    }
    if (request.headers['if-none-match'] !== undefined && status !== 200) return { status };
    objects.set(key, headOf(5n).note);
    return { status: 200 };
  });
  await heads.publish(headOf(5n));
  await expect(heads.publish(headOf(5n, 'another root'))).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(objects.get('heads/00000000000000000005')).toBe(headOf(5n).note);
  expect(warnings).toEqual([expect.stringContaining('If-None-Match')]);
});

test('finds the newest where a list begins with the key itself, and refuses one that has no start', async () => {
  const [one, two] = ['heads/00000000000000000001', 'heads/00000000000000000002'];
  let from = (after: string) => [one, two].filter((key) => key >= after);
  const { heads } = await storeThat((request) => {
    if (request.method === 'PUT') return { status: 412 };
    const url = new URL(request.url ?? '', 'http://store');
    const after = url.searchParams.get('start-after');
    if (after !== null) return listing(from(after), from(after).length > 1);
    return keyIn(request) === two ? { status: 200, body: headOf(2n).note } : undefined;
  });
  expect(await heads.newest()).toEqual(headOf(2n));
  from = () => [one, two];
  await expect(heads.newest()).rejects.toMatchObject({
    kind: 'unexpected',
    message: expect.stringContaining('start-after') as unknown,
  });
});

test('finds the newest behind a whole page of names that are not sizes', async () => {
  const others = Array.from({ length: 5 }, (_, at) => `heads/00000000000000000008-copy-${at}`);
  const names = ['heads/00000000000000000001', ...others, 'heads/00000000000000000009'];
  const { heads } = await storeThat((request) => {
    if (request.method === 'PUT') return { status: 412 };
    const after = new URL(request.url ?? '', 'http://store').searchParams.get('start-after');
    if (after === null)
      return keyIn(request) === names.at(-1) ? { status: 200, body: headOf(9n).note } : undefined;
    const left = names.filter((name) => name > after);
    return listing(left.slice(0, 2), left.length > 2);
  });
  expect(await heads.newest()).toEqual(headOf(9n));
});

test('has what is far too long for a head published as a text that is none', async () => {
  const { heads } = await storeThat((request) => {
    if (request.method === 'PUT') return { status: 412 };
    const after = new URL(request.url ?? '', 'http://store').searchParams.get('start-after');
    if (after === 'heads/') return listing(['heads/00000000000000000002']);
    return after === null && keyIn(request) !== undefined
      ? { status: 200, body: 'x'.repeat(3_000_000) }
      : undefined;
  });
  expect(await heads.newest()).toEqual({ size: 2n, note: '' });
});

test('has no key published for which nothing vouches yet', async () => {
  const puts: string[] = [];
  const { heads } = await storeThat((request) => {
    const key = keyIn(request) ?? '';
    if (request.method !== 'PUT') return undefined;
    puts.push(key);
    return key.endsWith('.pem') ? { status: 503 } : written(request);
  });
  const key = { keyId: '0a1b2c3d', vkey: 'sample/audit/1+0a1b2c3d+AQ==', chainPem: 'chain' };
  await expect(heads.publishKey(key)).rejects.toMatchObject({ kind: 'away' });
  expect(puts).not.toContain('keys/0a1b2c3d.vkey');
});

test('signs the port and says the digest that a locked bucket asks for', async () => {
  const puts: IncomingMessage[] = [];
  const { heads } = await storeThat((request) => {
    if (request.method === 'PUT') puts.push(request);
    return request.method === 'PUT' ? written(request) : undefined;
  });
  await heads.publish(headOf(1n));
  for (const { headers } of puts) {
    expect(headers.host).toMatch(/:\d+$/);
    expect(headers['content-md5']).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(headers.authorization).toMatch(/SignedHeaders=content-md5;content-type;host;/);
    expect(headers).not.toHaveProperty('transfer-encoding');
  }
  expect(puts.map(keyIn)).toEqual(['written-once', 'heads/00000000000000000001', 'checkpoint']);
});
