import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import type { Issued } from '@meridian/kit/testing/authority.ts';
import { publishedIn, readPublished } from './published.ts';
import type { Heads } from './published.ts';

const AUDIT = 'spiffe://meridian.local/ns/meridian/sa/audit';

let authority: TestAuthority;
let root: string;
let folder: string;

beforeAll(async () => {
  authority = await TestAuthority.create();
  ({ root } = await authority.save());
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'published-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Publishes a key as the log does; returns it. */
function publish({ cert: certificate }: Issued, name = 'meridian.local/audit/1', log = ''): string {
  const [leaf = ''] = certificate.split(/(?<=-----END CERTIFICATE-----\n)/);
  const { x = '' } = new X509Certificate(leaf).publicKey.export({ format: 'jwk' });
  const material = Buffer.concat([Buffer.of(1), Buffer.from(x, 'base64url')]);
  const id = createHash('sha256').update(`${name}\n`).update(material).digest('hex').slice(0, 8);
  const vkey = `${name}+${id}+${material.toString('base64')}`;
  const keys = path.join(folder, log, 'keys');
  mkdirSync(keys, { recursive: true });
  writeFileSync(path.join(keys, `${id}.vkey`), `${vkey}\n`);
  writeFileSync(path.join(keys, `${id}.pem`), certificate);
  return vkey;
}

function publishHead(size: number, log = ''): void {
  const heads = path.join(folder, log, 'heads');
  mkdirSync(heads, { recursive: true });
  writeFileSync(path.join(heads, `${size}`.padStart(20, '0')), `head of ${size}`);
}

const issue = (uri: string, lifetimeMs?: number, by = authority): Promise<Issued> =>
  by.issue({ uris: [uri], signs: true, ...(lifetimeMs === undefined ? {} : { lifetimeMs }) });

const read = (heads: Heads = 'newest') => publishedIn(folder, new X509Certificate(root), heads);

test('keys of audit count, those of earlier logs and those that have expired too; heads are of the last log', async () => {
  const [first, second] = [await issue(AUDIT, -1_000), await issue(AUDIT)];
  const keys = [publish(first), publish(second, 'meridian.local/audit/2', '2')];
  publishHead(9);
  publishHead(3, '2');
  publishHead(20, '2');
  expect(read().vkeys).toEqual(keys);
  const heads = { folder: path.join(folder, '2/heads'), largest: 20 };
  expect(read()).toMatchObject({ newest: 'head of 20', heads, log: 2, doubts: [] });
  expect(read('none').newest).toBeUndefined();
});

test.each([
  ['another service', 'spiffe://meridian.local/ns/meridian/sa/gateway', undefined],
  ['another trust domain', 'spiffe://elsewhere/ns/meridian/sa/audit', undefined],
  ['another root', AUDIT, 'another'],
])('a key of %s is left out and named, and others stay', async (_of, uri, by) => {
  const issuer = by === undefined ? authority : await TestAuthority.create();
  const known = publish(await issue(AUDIT));
  publish(await issue(uri, undefined, issuer));
  const { vkeys, doubts } = read();
  expect(vkeys).toEqual([known]);
  expect(doubts).toEqual([expect.stringMatching(/^Key '.*[0-9a-f]{8}\.vkey' .*not trusted/)]);
});

test('a key without its certificate, and what is not a key, are left out and named', async () => {
  const [known, lonely] = [publish(await issue(AUDIT)), publish(await issue(AUDIT))];
  rmSync(path.join(folder, 'keys', `${lonely.split('+')[1]}.pem`));
  writeFileSync(path.join(folder, 'keys/00000000.vkey'), 'half a k');
  expect(read().vkeys).toEqual([known]);
  expect(read().doubts).toHaveLength(2);
});

test('nothing is published before the first head', () => {
  const heads = { folder: path.join(folder, 'heads'), largest: 0 };
  expect(read()).toEqual({
    keys: [],
    vkeys: [],
    newest: undefined,
    heads,
    log: 1,
    former: [],
    doubts: [],
  });
});

test.each([
  ['that is not there', 'nowhere', 'got none'],
  ['without heads and keys', '', 'got one without either'],
])('a folder %s has no published heads', async (_what, name, got) => {
  const trust = publish(await issue(AUDIT));
  rmSync(path.join(folder, 'keys'), { recursive: true });
  const reading = readPublished('newest', { published: path.join(folder, name), trust });
  await expect(reading).rejects.toMatchObject({
    code: 'AUDIT_PUBLISHED_UNREADABLE',
    message: expect.stringContaining(got) as unknown,
  });
});
