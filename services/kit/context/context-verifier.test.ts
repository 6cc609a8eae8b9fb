import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assert, constantFrom, integer, property, string } from 'fast-check';
import { TestAuthority, writeIdentity } from '../testing/authority.ts';
import type { Issued } from '../testing/authority.ts';
import { chainOf, claimsFor, keyOf, signerOf } from '../testing/contexts.ts';
import { spiffe } from '../testing/world.ts';
import { Identity } from '../tls/identity.ts';
import { decodeClaims, encodeClaims } from './claims.ts';
import { digestOf } from './context-signer.ts';
import { ContextVerifier } from './context-verifier.ts';
import { encodeHeader } from './signer-certificates.ts';

const GET = '/shop.v1.Shelf/GetBook';
const REQUEST = Buffer.from([10, 3, 97, 98, 99]);

const folder = mkdtempSync(join(tmpdir(), 'meridian-context-'));
let authority: TestAuthority;
let issued: Issued;
let identity: Identity;
let verifier: ContextVerifier;

beforeAll(async () => {
  authority = await TestAuthority.create();
  issued = await issue();
  writeIdentity(join(folder, 'tls'), await authority.issue({ uris: [spiffe('shelf')] }));
  identity = Identity.open(join(folder, 'tls'));
  verifier = new ContextVerifier(identity, spiffe('gateway'));
});
afterAll(() => {
  identity.close();
  rmSync(folder, { recursive: true, force: true });
});

const issue = (changes: Parameters<TestAuthority['issue']>[0] = {}): Promise<Issued> =>
  authority.issue({ uris: [spiffe('gateway')], signs: true, ...changes });
const good = (): string => signedWith(issued);
const now = (): number => Math.floor(Date.now() / 1_000);

function isRefused(text: string): boolean {
  try {
    verifier.verify(text);
    return false;
  } catch {
    return true;
  }
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A context made by hand, of any header and claims, signed in any way. */
function forge(header: unknown, claims: unknown, signature: (signed: Buffer) => Buffer): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${signature(Buffer.from(signed)).toString('base64url')}`;
}
const by =
  (key: KeyObject) =>
  (signed: Buffer): Buffer =>
    sign(null, signed, key);
const headerOf = (from: Issued, changes: Readonly<Record<string, unknown>> = {}) => ({
  alg: 'EdDSA',
  typ: 'meridian-context+jws',
  x5c: chainOf(from).map(({ raw }) => raw.toString('base64')),
  ...changes,
});
const claims = (): Record<string, unknown> =>
  JSON.parse(encodeClaims(claimsFor(GET, REQUEST))) as Record<string, unknown>;
const resigned = (changes: Readonly<Record<string, unknown>>): string =>
  forge(headerOf(issued), { ...claims(), ...changes }, by(keyOf(issued)));
const reheaded = (changes: Readonly<Record<string, unknown>>): string =>
  forge(headerOf(issued, changes), claims(), by(keyOf(issued)));

const ATTACKS: readonly (readonly [name: string, text: () => string | Promise<string>])[] = [
  // Signed by somebody else.
  [
    'with a TLS key and certificate',
    async () => tlsSigned(await authority.issue({ uris: [spiffe('gateway')] })),
  ],
  [
    "with another key under the signer's certificate",
    () => forge(headerOf(issued), claims(), by(generateKeyPairSync('ed25519').privateKey)),
  ],
  ['with an expired certificate', async () => signedWith(await issue({ lifetimeMs: -60_000 }))],
  [
    'of another root',
    async () => {
      const other = await TestAuthority.create();
      return signedWith(await other.issue({ uris: [spiffe('gateway')], signs: true }));
    },
  ],
  ['of another service', async () => signedWith(await issue({ uris: [spiffe('orders')] }))],
  [
    'of two services',
    async () => signedWith(await issue({ uris: [spiffe('gateway'), spiffe('orders')] })),
  ],
  ['of no service', async () => signedWith(await issue({ uris: [] }))],
  ['with the leaf alone', () => reheaded({ x5c: headerOf(issued).x5c.slice(0, 1) })],
  [
    'with the leaf twice',
    () => reheaded({ x5c: [headerOf(issued).x5c[0], headerOf(issued).x5c[0]] }),
  ],
  ['with its chain turned round', () => reheaded({ x5c: headerOf(issued).x5c.toReversed() })],
  ['with its root', () => reheaded({ x5c: [...headerOf(issued).x5c, headerOf(issued).x5c[1]] })],
  ['without certificates', () => reheaded({ x5c: [] })],
  ['with certificates that are none', () => reheaded({ x5c: ['AAAA', 7] })],
  ['with a key in its header', () => reheaded({ jwk: { kty: 'OKP' } })],
  ['with a URL in its header', () => reheaded({ x5u: 'https://evil.example' })],
  ['with a critical extension', () => reheaded({ crit: ['b64'], b64: false })],
  [
    'with a certificate for TLS, of an Ed25519 key',
    async () => signedWith(await issue({ usages: ['1.3.6.1.5.5.7.3.2'] })),
  ],
  [
    'with a certificate for TLS and signatures',
    async () => signedWith(await issue({ usages: ['1.3.6.1.5.5.7.3.36', '1.3.6.1.5.5.7.3.2'] })),
  ],
  [
    'with a certificate for TLS and e-mail',
    async () => signedWith(await issue({ usages: ['1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.2'] })),
  ],
  [
    'with a leaf that our intermediate did not issue',
    async () => {
      const other = await TestAuthority.create();
      const foreign = await other.issue({ uris: [spiffe('gateway')], signs: true });
      const x5c = [headerOf(foreign).x5c[0], headerOf(issued).x5c[1]];
      return forge(headerOf(issued, { x5c }), claims(), by(keyOf(foreign)));
    },
  ],
  // Of another algorithm or type.
  ['of alg none', () => forge(headerOf(issued, { alg: 'none' }), claims(), () => Buffer.alloc(0))],
  ['of alg none with a signature', () => reheaded({ alg: 'none' })],
  ['of alg Ed25519', () => reheaded({ alg: 'Ed25519' })],
  ['of alg HS256 with the public key', () => hmacSigned('HS256')],
  ['of alg EdDSA that is an HMAC', () => hmacSigned('EdDSA')],
  ['that is an access token', () => reheaded({ typ: 'at+jwt' })],
  ['without a type', () => reheaded({ typ: undefined })],
  // Of another form.
  ['twice in one', () => `${good()}, ${good()}`],
  ['that is empty', () => ''],
  ['of dots', () => '..'],
  ['of four parts', () => `${good()}.AA`],
  ['padded', () => `${good()}=`],
  ['with a space before it', () => ` ${good()}`],
  ['with a line end after it', () => `${good()}\n`],
  ['that is oversize', () => resigned({ rid: 'r'.repeat(8_192) })],
  ['cut short', () => good().slice(0, -1)],
  // With claims that the edge service would not sign.
  ['with claims that are not an object', () => forge(headerOf(issued), [1], by(keyOf(issued)))],
  ['with claims that are not JSON', () => forge(headerOf(issued), '{', by(keyOf(issued)))],
  ['with a claim more', () => resigned({ admin: true })],
  ['with an empty subject', () => resigned({ sub: '' })],
  ['with a subject that is not a text', () => resigned({ sub: ['account-1'] })],
  ['without roles', () => resigned({ roles: undefined })],
  ['with roles that are not a list', () => resigned({ roles: 'merchant' })],
  ['with too many roles', () => resigned({ roles: Array(33).fill('r') })],
  ['with a time that is not a number', () => resigned({ exp: '9999999999' })],
  ['with a time that is not a whole number', () => resigned({ iat: now() - 0.5 })],
  ['without an end', () => resigned({ exp: undefined })],
  ['without a first hop', () => resigned({ hop: undefined })],
  ['with a first hop of nothing', () => resigned({ hop: null })],
  ['with a line end in its request id', () => resigned({ rid: 'a\nb' })],
];

function signedWith(other: Issued): string {
  return signerOf(other).sign(claimsFor(GET, REQUEST));
}

function tlsSigned(tls: Issued): string {
  const p256 = (signed: Buffer): Buffer =>
    sign('sha256', signed, { key: keyOf(tls), dsaEncoding: 'ieee-p1363' });
  return forge(headerOf(tls), claims(), p256);
}

function hmacSigned(alg: string): string {
  const [leaf] = chainOf(issued);
  const secret = leaf?.publicKey.export({ format: 'der', type: 'spki' }) ?? '';
  return forge(headerOf(issued, { alg }), claims(), (signed) =>
    // As long as an Ed25519 signature.
    createHmac('sha512', secret).update(signed).digest(),
  );
}

describe('a context', () => {
  test('that the edge service signed is read', () => {
    expect(verifier.verify(good())).toMatchObject({ subject: 'account-1', entryMethod: GET });
  });

  test('of a certificate for e-mail, which stands for signatures under cert-manager, is read', async () => {
    expect(isRefused(signedWith(await issue({ usages: ['1.3.6.1.5.5.7.3.4'] })))).toBe(false);
  });

  test('made by hand is like one that was signed: the attacks below fail for their own reason', () => {
    expect(isRefused(resigned({}))).toBe(false);
    expect(isRefused(reheaded({}))).toBe(false);
  });
});

describe('a context is refused', () => {
  test.each(ATTACKS)('%s', async (_name, text) => {
    const attempt = await text();
    expect(isRefused(attempt)).toBe(true);
    // What was refused once is not remembered as good.
    expect(isRefused(attempt)).toBe(true);
  });

  test('with any one character of it changed', () => {
    const text = good();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let index = 0; index < text.length; index++) {
      const at = alphabet.indexOf(text.charAt(index));
      // The next character differs in the last bits, which a careless decoder drops.
      const changed = alphabet.charAt((at + 1) % alphabet.length);
      const mutated = text.slice(0, index) + changed + text.slice(index + 1);
      expect([index, isRefused(mutated)]).toEqual([index, true]);
    }
  });

  test('with some of it changed, left out or put in', () => {
    const text = good();
    const change = constantFrom('replace', 'remove', 'insert');
    assert(
      property(
        integer({ min: 0, max: text.length - 1 }),
        string({ minLength: 1 }),
        change,
        (at, added, how) => {
          const kept = text.slice(at + (how === 'insert' ? 0 : 1));
          const mutated = text.slice(0, at) + (how === 'remove' ? '' : added) + kept;
          if (mutated !== text) expect(isRefused(mutated)).toBe(true);
        },
      ),
    );
  });

  test('once its signer is of a root that is trusted no longer', async () => {
    const place = join(folder, 'moving');
    writeIdentity(place, await authority.issue({ uris: [spiffe('shelf')] }));
    const moving: { current: Identity['current'] } = { current: identity.current };
    const follows = new ContextVerifier(moving, spiffe('gateway'));
    expect(follows.verify(good())).toBeDefined();
    const other = await TestAuthority.create();
    writeIdentity(place, await other.issue({ uris: [spiffe('shelf')] }));
    const opened = Identity.open(place);
    opened.close();
    moving.current = opened.current;
    expect(() => follows.verify(good())).toThrow('the intermediate is not of our root');
  });
});

describe('claims', () => {
  test('are read as they were written', () => {
    assert(
      property(
        string({
          unit: constantFrom('a', 'b', '-', '.', ':', '~', '/', 'é', '\n', ' '),
          maxLength: 40,
        }),
        (text) => {
          const given = claimsFor(GET, REQUEST, { subject: text, requestId: text });
          const read = decodeClaims(encodeClaims(given));
          const fit = /^[ab\-.:~]+$/.test(text);
          expect(read).toEqual(fit ? given : undefined);
        },
      ),
    );
  });

  test('name the digest of the bytes', () => {
    expect(digestOf(Buffer.from('abc'))).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
    expect(encodeHeader(chainOf(issued)).length).toBeLessThan(4_096);
  });
});
