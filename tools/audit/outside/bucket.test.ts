import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { ObjectStore } from '@meridian/audit/publication/object-store.ts';
import { PublishedHeads } from '@meridian/audit/publication/published-heads.ts';
import { CheckpointStoreProcess } from '@meridian/audit/testing/checkpoint-store-process.ts';
import { EMPTY_ROOT } from '@meridian/verifier/hashing.ts';
import { TestSigner } from '@meridian/verifier/testing/test-signer.ts';
import { fetchPublished } from './bucket.ts';

const signers = [1, 2].map((log) => new TestSigner(`meridian.example/audit/${log}`));
const keyIds = signers.map(({ vkey }) => vkey.split('+')[1] ?? '');

let folder: string;
let bucket: CheckpointStoreProcess;
/** The same objects for everybody, and no list of them. */
let open: Server;

const nameOf = (size: number): string => `${size}`.padStart(20, '0');
const address = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit/heads`;

beforeAll(async () => {
  const data = mkdtempSync(path.join(tmpdir(), 'bucket-'));
  bucket = await CheckpointStoreProcess.start(data);
  const store = new ObjectStore(bucket.binding);
  for (const [at, signer] of signers.entries()) {
    const log = new PublishedHeads(store, { warn: () => undefined }, at + 1);
    const key = { keyId: keyIds[at] ?? '', vkey: signer.vkey, chainPem: `chain ${at}` };
    await log.publishKey(key);
    for (const size of [3, 20]) {
      await log.publish({ size: BigInt(size), note: signer.checkpoint(size, EMPTY_ROOT) });
    }
  }
  await store.close();
  const objects = bucket.dataFolder;
  open = createServer((request, response) => {
    const [name = '', query] = (request.url ?? '').slice('/audit/heads/'.length).split('?');
    const file = path.join(objects, name);
    // A signature of nobody's key would be refused.
    const isAnybody = request.headers.authorization === undefined;
    const isThere = isAnybody && query === undefined && name !== '' && existsSync(file);
    // What it may not list, S3 answers so of what is not there too.
    response.writeHead(isThere ? 200 : 403);
    response.end(isThere ? readFileSync(file) : '<Error><Code>AccessDenied</Code></Error>');
  }).listen(0, '127.0.0.1');
  await once(open, 'listening');
});
afterAll(async () => {
  open.closeAllConnections();
  await new Promise((resolve) => open.close(resolve));
  await bucket.stop();
  rmSync(bucket.folder, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'copy-'));
  mkdirSync(folder, { recursive: true });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const copied = (name: string): readonly string[] => {
  const at = path.join(folder, name);
  return existsSync(at) ? readdirSync(at).toSorted() : [];
};

test('a bucket is copied by its address with a key of the caller: all keys and heads of all logs', async () => {
  jest.replaceProperty(process, 'env', {
    ...{ AWS_ACCESS_KEY_ID: 'test-id', AWS_SECRET_ACCESS_KEY: 'test-secret', AWS_REGION: 'local' },
  });
  await fetchPublished(`${bucket.uri}/checkpoints`, folder, 'all');
  const [first, second] = keyIds;
  expect(copied('keys')).toEqual([`${first}.pem`, `${first}.vkey`]);
  expect(copied('2/keys')).toEqual([`${second}.pem`, `${second}.vkey`]);
  const sizes = [nameOf(3), nameOf(20)];
  expect([copied('heads'), copied('2/heads')]).toEqual([sizes, sizes]);
  expect(readFileSync(path.join(folder, '2/heads', nameOf(3)), 'utf8')).toBe(
    signers[1]?.checkpoint(3, EMPTY_ROOT),
  );
});

test('of one that may be read and not listed there are the newest head and the keys that signed it, which is said', async () => {
  let said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  jest.replaceProperty(process, 'env', {});
  await fetchPublished(address(open), folder, 'all');
  expect(copied('2/heads')).toEqual([nameOf(20)]);
  expect(copied('2/keys')).toEqual([`${keyIds[1]}.pem`, `${keyIds[1]}.vkey`]);
  expect(said).toMatch(/may not be listed, so that of its heads the newest alone is known/);
});

test('one that cannot be read is refused with what the store said', async () => {
  jest.replaceProperty(process, 'env', {});
  const reading = fetchPublished(`${bucket.uri}/checkpoints`, folder, 'none');
  await expect(reading).rejects.toMatchObject({
    code: 'AUDIT_PUBLISHED_UNREADABLE',
    message: expect.stringMatching(
      /^Published heads at '.*': must be readable, got: .*403/,
    ) as unknown,
  });
});

test.each<readonly [string, string, (question: string) => string, RegExp]>([
  ['a page', 'everything', () => '<html>Welcome</html>', /head in checkpoint, got another text: /],
  ['a head', 'everything', () => signers[0]?.checkpoint(3, EMPTY_ROOT) ?? '', /most 100 logs/],
  [
    'ever more names of something else',
    'a list',
    (question) =>
      question.endsWith('checkpoint') ? (signers[0]?.checkpoint(3, EMPTY_ROOT) ?? '') : endless(),
    /list heads and keys below keys\/, got 1\d{5} other names/,
  ],
])('an address that answers %s to %s is given up', async (_what, _to, answer, message) => {
  jest.replaceProperty(process, 'env', {});
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const isSecondLog = (request.url ?? '').endsWith('/2/checkpoint');
    const isAbsent = isSecondLog && message.source.includes('list');
    // A test that is broken shall end.
    response.writeHead(isAbsent ? 404 : asked > 500 ? 500 : 200).end(answer(request.url ?? ''));
  }).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    await expect(fetchPublished(address(server), folder, 'none')).rejects.toMatchObject({
      code: 'AUDIT_PUBLISHED_UNREADABLE',
      message: expect.stringMatching(message) as unknown,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

let pages = 0;
/** A page of a list with names that come after all before. */
function endless(): string {
  pages += 1;
  const names = Array.from({ length: 2_000 }, (_, at) => `keys/${'z'.repeat(pages)}${at + 1_000}`);
  const keys = names.map((name) => `<Contents><Key>${name}</Key></Contents>`);
  return `<ListBucketResult><IsTruncated>true</IsTruncated>${keys.join('')}</ListBucketResult>`;
}

test('one that nobody answers for is not promised to be asked again, and an empty one has no heads', async () => {
  jest.replaceProperty(process, 'env', {});
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(0);
  await once(server, 'listening');
  const there = address(server);
  await expect(fetchPublished(there, folder, 'newest')).rejects.toThrow(
    /head in checkpoint, got none; see/,
  );
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(fetchPublished(there, folder, 'newest')).rejects.toThrow(
    /got none \(.*ECONNREFUSED.*\); try again when it answers/,
  );
});
