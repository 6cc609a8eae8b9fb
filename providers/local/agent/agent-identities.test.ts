import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { signIntermediate } from '../pki/intermediate.ts';
import { createRoot } from '../pki/root.ts';
import type { IdentitySpec } from '../process-spec.ts';
import { TestZone, until } from './testing/test-zone.ts';

const IDENTITY: IdentitySpec = {
  folder: 'tls',
  uris: ['spiffe://test.local/ns/meridian/sa/web'],
  dnsNames: [],
  addresses: [],
  usages: ['server', 'client'],
};

let zone: TestZone;

jest.setTimeout(60_000);

beforeAll(async () => {
  zone = await TestZone.create();
  await zone.start();
  await zone.authorize();
});

afterEach(async () => {
  await zone.clear();
  await zone.client.putSettings(zone.settings);
});

afterAll(() => zone.dispose());

/** Reads one issue, resolving the link once, as a careful reader does. */
function readIssue(name: string) {
  const folder = zone.self(name, readlinkSync(zone.self(name, 'tls')));
  const chain = readFileSync(join(folder, 'tls.crt'), 'utf8');
  const [leaf = '', intermediate = ''] = chain.split(/(?<=-----END CERTIFICATE-----\n)/);
  return {
    leaf: new X509Certificate(leaf),
    intermediate: new X509Certificate(intermediate),
    root: new X509Certificate(readFileSync(join(folder, 'ca.crt'))),
    key: createPrivateKey(readFileSync(join(folder, 'tls.key'))),
    folder,
  };
}

describe('a leaf certificate', () => {
  test('names the identity, is signed through the zone by the root, and its key is private', async () => {
    const before = Date.now();
    const status = await zone.run(zone.spec('web', { identities: [IDENTITY] }));
    const { leaf, intermediate, root, key, folder } = readIssue('web');
    expect(leaf.subjectAltName).toBe('URI:spiffe://test.local/ns/meridian/sa/web');
    expect(leaf.checkPrivateKey(key)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.verify(intermediate.publicKey)).toBe(true);
    expect(intermediate.verify(root.publicKey)).toBe(true);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    const lifetimeMs = leaf.validToDate.getTime() - before;
    expect(lifetimeMs).toBeGreaterThan(595_000);
    expect(lifetimeMs).toBeLessThan(620_000);
    expect(status.certificates).toEqual([
      { folder: 'tls', notAfter: leaf.validToDate.toISOString() },
    ]);
    expect(statSync(join(folder, 'tls.key')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('is renewed at half life by a swap that no reader can see half done', async () => {
    await zone.client.putSettings({ ...zone.settings, leafLifetimeSeconds: 4 });
    const { pid } = await zone.run(zone.spec('web', { identities: [IDENTITY], onRenew: 'SIGHUP' }));
    const serials = new Set<string>();
    await until(
      'three issues',
      () => {
        const { leaf, key } = readIssue('web');
        // Every look finds a pair that belongs together and is valid.
        expect(leaf.checkPrivateKey(key)).toBe(true);
        expect(leaf.validToDate.getTime()).toBeGreaterThan(Date.now());
        serials.add(leaf.serialNumber);
        return serials.size === 3;
      },
      20_000,
    );
    await until('it was told', async () => (await zone.noted('web hung-up')).length >= 2);
    expect(await zone.status('web')).toMatchObject({ pid, restarts: 0, state: 'ready' });
    const issues = readdirSync(zone.self('web')).filter((name) => name.startsWith('.tls-'));
    expect(issues.length).toBeLessThanOrEqual(3);
  });

  test('that ended while nobody renewed it is renewed first thing', async () => {
    await zone.client.putSettings({ ...zone.settings, leafLifetimeSeconds: 4 });
    await zone.run(zone.spec('web', { identities: [IDENTITY] }));
    const { pid } = await zone.client.status();
    process.kill(pid, 'SIGSTOP');
    const asleep = readIssue('web').leaf;
    await until('it has ended', () => asleep.validToDate.getTime() < Date.now());
    process.kill(pid, 'SIGCONT');
    await until(
      'it is renewed',
      () => readIssue('web').leaf.validToDate.getTime() > Date.now(),
      2500,
    );
  });

  test('is issued again when its lifetime is shortened, and when the identity changes', async () => {
    const spec = zone.spec('web', { identities: [IDENTITY] });
    await zone.run(spec);
    const first = readIssue('web').leaf.serialNumber;
    await zone.run({ ...spec, identities: [{ ...IDENTITY, commonName: 'web' }] });
    const { leaf } = readIssue('web');
    expect(leaf.serialNumber).not.toBe(first);
    expect(leaf.subject).toBe('CN=web');
    await zone.client.putSettings({ ...zone.settings, leafLifetimeSeconds: 2 });
    await until('a shorter one', () => readIssue('web').leaf.serialNumber !== leaf.serialNumber);
  });

  test('goes when the identity is dropped', async () => {
    const spec = zone.spec('web', { identities: [IDENTITY] });
    await zone.run(spec);
    await zone.run({ ...spec, identities: [] });
    expect(readdirSync(zone.self('web')).filter((name) => name.includes('tls'))).toEqual([]);
  });
});

describe('the authority of a zone', () => {
  test('is renewed without a new key, and all leaves are issued from the new one', async () => {
    const before = (await zone.client.status()).authority;
    const { pid } = await zone.run(zone.spec('web', { identities: [IDENTITY] }));
    const old = readIssue('web');
    await zone.renewAuthority(20);
    const after = (await zone.client.status()).authority;
    expect(after?.fingerprint).not.toBe(before?.fingerprint);
    expect(after?.rootFingerprint).toBe(before?.rootFingerprint);
    const now = readIssue('web');
    expect(now.leaf.serialNumber).not.toBe(old.leaf.serialNumber);
    expect(now.intermediate.fingerprint256).not.toBe(old.intermediate.fingerprint256);
    expect(now.intermediate.publicKey.equals(old.intermediate.publicKey)).toBe(true);
    expect((await zone.status('web')).pid).toBe(pid);
  });

  test('survives the agent, and its key is private', async () => {
    const before = (await zone.client.status()).authority;
    await zone.killAgent();
    await zone.start();
    expect((await zone.client.status()).authority).toEqual(before);
    const folder = join(zone.folders.state, 'zones', 't', 'authority');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'authority.key')).mode & 0o777).toBe(0o600);
  });

  test('refuses a certificate for another key, of another root, or that is none', async () => {
    const request = await zone.client.authorityRequest();
    const good = await signIntermediate(zone.pki, request, { lifetimeDays: 1 });
    const stranger = join(zone.root, 'stranger');
    const root = await createRoot(stranger, { trustDomain: 'test.local', lifetimeDays: 1 });
    const refused = async (certificate: string, rootPem: string, why: string) => {
      await expect(zone.client.putAuthority({ certificate, root: rootPem })).rejects.toMatchObject({
        code: 'AUTHORITY_INVALID',
        message: expect.stringContaining(why),
      });
    };
    await refused(good.root, good.root, 'is not for its key');
    await refused(good.certificate, root.certificate, 'is not signed by the root');
    await refused('nonsense', good.root, 'cannot be read');
    const ended = await signIntermediate(zone.pki, request, { lifetimeDays: -1 });
    await refused(ended.certificate, ended.root, 'ended at');
  });

  test('that is missing is said when a process wants an identity', async () => {
    const other = await TestZone.create({ zone: 'u' });
    try {
      await other.start();
      await expect(
        other.client.putProcess(other.spec('web', { identities: [IDENTITY] })),
      ).rejects.toMatchObject({ code: 'AUTHORITY_MISSING' });
    } finally {
      await other.dispose();
    }
  });
});
