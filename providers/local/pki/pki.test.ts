import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdentitySpec } from '../process-spec.ts';
import { createAuthorityRequest, signIntermediate } from './intermediate.ts';
import { exportPrivateKey, generateKeyPair, importPrivateKey } from './keys.ts';
import { issueLeaf } from './leaf.ts';
import { createRoot, readRoot } from './root.ts';
import type { Root } from './root.ts';

const IDENTITY: IdentitySpec = {
  folder: 'tls',
  uris: ['spiffe://meridian.local/ns/meridian/sa/catalog'],
  commonName: 'catalog',
  dnsNames: ['localhost'],
  addresses: ['127.0.0.1'],
  usages: ['server'],
};

let folder: string;
let root: Root;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-pki-'));
  root = await createRoot(folder, { trustDomain: 'meridian.local', lifetimeDays: 30 });
});

afterAll(() => rmSync(folder, { recursive: true }));

async function chain(options: { readonly lifetimeDays: number }) {
  const keys = await generateKeyPair();
  const request = await createAuthorityRequest('a', keys);
  return { keys, ...(await signIntermediate(folder, request, options)) };
}

describe('the root', () => {
  test('is read as it was made, and its key is private', async () => {
    expect(await readRoot(folder)).toEqual(root);
    expect(root).toMatchObject({ trustDomain: 'meridian.local' });
    const { fingerprint256 } = new X509Certificate(root.certificate);
    expect(root.fingerprint).toBe(fingerprint256.replaceAll(':', '').toLowerCase());
    expect(statSync(join(folder, 'root.key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['root.crt', 'root.key']);
  });

  test('is none when its key is missing or is another: a crash between the two is survived', async () => {
    const torn = mkdtempSync(join(tmpdir(), 'meridian-pki-'));
    try {
      expect(await readRoot(torn)).toBeUndefined();
      await createRoot(torn, { trustDomain: 'meridian.local', lifetimeDays: 1 });
      writeFileSync(join(torn, 'root.key'), await exportPrivateKey(await generateKeyPair()));
      expect(await readRoot(torn)).toBeUndefined();
      await expect(
        signIntermediate(torn, await createAuthorityRequest('a', await generateKeyPair()), {
          lifetimeDays: 1,
        }),
      ).rejects.toMatchObject({ code: 'ROOT_MISSING' });
    } finally {
      rmSync(torn, { recursive: true });
    }
  });
});

describe('a chain', () => {
  test('passes the strict check of OpenSSL for its purpose, and not for another', async () => {
    const { certificate, keys } = await chain({ lifetimeDays: 10 });
    const leaf = await issueLeaf({ certificate, keys }, IDENTITY, 60);
    writeFileSync(join(folder, 'leaf.pem'), leaf.certificate);
    writeFileSync(join(folder, 'zone.pem'), certificate);
    const verify = (purpose: string) =>
      execFileSync(
        'openssl',
        [
          ...['verify', '-x509_strict', '-purpose', purpose, '-CAfile', join(folder, 'root.crt')],
          ...['-untrusted', join(folder, 'zone.pem'), join(folder, 'leaf.pem')],
        ],
        { stdio: 'pipe' },
      ).toString();
    expect(verify('sslserver')).toContain('OK');
    expect(() => verify('sslclient')).toThrow('purpose');
  });

  test('does not outlive what signs it', async () => {
    const long = await chain({ lifetimeDays: 1000 });
    expect(new X509Certificate(long.certificate).validToDate).toEqual(root.notAfter);
    const short = await chain({ lifetimeDays: 1 });
    const leaf = await issueLeaf(short, IDENTITY, 10 * 86_400);
    expect(leaf.notAfter).toEqual(new X509Certificate(short.certificate).validToDate);
  });

  test('carries every name of the identity', async () => {
    const leaf = await issueLeaf(await chain({ lifetimeDays: 1 }), IDENTITY, 60);
    const { subject, subjectAltName, serialNumber } = new X509Certificate(leaf.certificate);
    expect(subject).toBe('CN=catalog');
    expect(subjectAltName).toBe(
      'URI:spiffe://meridian.local/ns/meridian/sa/catalog, DNS:localhost, IP Address:127.0.0.1',
    );
    expect(serialNumber.toLowerCase()).toBe(leaf.serialNumber);
  });

  test('of a signer has an Ed25519 key and is of no use for TLS', async () => {
    const issuer = await chain({ lifetimeDays: 1 });
    const leaf = await issueLeaf(issuer, { ...IDENTITY, usages: ['sign'] }, 60);
    const certificate = new X509Certificate(leaf.certificate);
    expect(certificate.publicKey.asymmetricKeyType).toBe('ed25519');
    expect(certificate.checkPrivateKey(createPrivateKey(leaf.key))).toBe(true);
    expect(certificate.verify(new X509Certificate(issuer.certificate).publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.36']);
  });

  test('is refused for a request that its own key has not signed', async () => {
    const request = await createAuthorityRequest('a', await generateKeyPair());
    const der = Buffer.from(request.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    // The last byte is of the signature.
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    await expect(signIntermediate(folder, forged, { lifetimeDays: 1 })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });
});

test('a private key is the same after it was written and read', async () => {
  const pem = await exportPrivateKey(await generateKeyPair());
  expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(await exportPrivateKey(await importPrivateKey(pem))).toBe(pem);
});
