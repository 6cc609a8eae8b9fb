import { sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { TestAuthority, writeIdentity } from '../testing/authority.ts';
import type { Issued, LeafRequest } from '../testing/authority.ts';
import { eventually } from '../testing/eventually.ts';
import { SigningKey } from './signing-key.ts';

const URI = 'spiffe://meridian.local/ns/meridian/sa/identity';
const root = mkdtempSync(join(tmpdir(), 'meridian-signing-'));
let authority: TestAuthority;
let count = 0;
const opened: SigningKey[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
});
afterEach(() => {
  for (const key of opened.splice(0)) key.close();
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const issue = (changes: LeafRequest = {}) =>
  authority.issue({ uris: [URI], signs: true, ...changes });

function folderOf(issued: Issued): string {
  const folder = join(root, `key-${++count}`, 'token-signing');
  writeIdentity(folder, issued);
  return folder;
}

function open(folder: string): SigningKey {
  const key = SigningKey.open(folder);
  opened.push(key);
  return key;
}

describe('a signing key', () => {
  test('signs what the leaf of its chain verifies', async () => {
    const { privateKey, certificateChain } = open(folderOf(await issue())).current;
    const message = Buffer.from('message');
    const signature = sign(null, message, privateKey);
    const [leaf, intermediate] = certificateChain;
    if (leaf === undefined || intermediate === undefined) throw new Error('The chain is too short');
    expect(certificateChain).toHaveLength(2);
    expect(leaf.subjectAltName).toBe(`URI:${URI}`);
    expect(leaf.verify(intermediate.publicKey)).toBe(true);
    expect(verify(null, message, leaf.publicKey, signature)).toBe(true);
  });

  test('is named by the thumbprint of RFC 7638, as jose works it out', async () => {
    const { kid, certificateChain } = open(folderOf(await issue())).current;
    const leaf = certificateChain[0];
    if (leaf === undefined) throw new Error('There is no leaf');
    expect(kid).toBe(await calculateJwkThumbprint(await exportJWK(leaf.publicKey)));
  });

  test('is the new one as soon as the link of its folder is swapped', async () => {
    const folder = folderOf(await issue());
    const key = open(folder);
    const first = key.current.kid;
    const renewed: string[] = [];
    key.listen({ renewed: ({ kid }) => renewed.push(kid) });
    writeIdentity(folder, await issue());
    await eventually(() => expect(renewed).toHaveLength(1));
    expect(key.current.kid).toBe(renewed[0]);
    expect(key.current.kid).not.toBe(first);
  });

  test('stays the last good one while its folder cannot be read, and says so', async () => {
    const folder = folderOf(await issue());
    const key = open(folder);
    const first = key.current;
    const failures: string[] = [];
    key.listen({ failed: ({ message }) => failures.push(message) });
    writeIdentity(folder, { ...(await issue()), key: (await issue()).key });
    await eventually(() => expect(failures).not.toHaveLength(0));
    expect(failures[0]).toContain('tls.key is of another certificate');
    expect(key.current).toBe(first);
  });

  test('tells nobody who has undone their listening', async () => {
    const folder = folderOf(await issue());
    const key = open(folder);
    const heard: string[] = [];
    key.listen({ renewed: () => heard.push('undone') })();
    key.listen({ renewed: () => heard.push('kept') });
    writeIdentity(folder, await issue());
    await eventually(() => expect(heard).toContain('kept'));
    expect(heard).toEqual(['kept']);
  });
});

describe('opening a signing key', () => {
  test('refuses one that is not Ed25519', async () => {
    const folder = folderOf(await issue({ signs: false }));
    expect(() => SigningKey.open(folder)).toThrow(/token-signing: .*must be Ed25519, got ec/);
  });

  test('refuses a key of another certificate', async () => {
    const folder = folderOf({ ...(await issue()), key: (await issue()).key });
    expect(() => SigningKey.open(folder)).toThrow(/tls.key is of another certificate/);
  });

  test('refuses a folder without certificates and names it', async () => {
    const folder = folderOf(await issue());
    writeFileSync(join(folder, 'tls.crt'), 'none');
    expect(() => SigningKey.open(folder)).toThrow(/there is no certificate in tls.crt/);
    const missing = join(root, 'missing');
    expect(() => SigningKey.open(missing)).toThrow(
      expect.objectContaining({
        code: 'KIT_CERTIFICATE',
        message: expect.stringContaining(missing),
      }),
    );
  });
});
