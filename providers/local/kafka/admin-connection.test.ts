import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Authority } from '../agent/identities/authority.ts';
import { IdentityKeeper } from '../agent/identities/identity-keeper.ts';
import { placeholdersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { signIntermediate } from '../pki/intermediate.ts';
import { createRoot } from '../pki/root.ts';
import { ADMIN_IDENTITY_FOLDER, withAdmin } from './admin-connection.ts';

let root: string;
let folders: Folders;

beforeEach(async () => {
  root = mkdtempSync('/tmp/mka-');
  folders = { state: root, data: root, runtime: root, cache: root, program: root };
  await createRoot(root, { trustDomain: 'test.local', lifetimeDays: 10 });
  const authority = await Authority.open('a', join(root, 'authority'));
  await authority.accept(
    await signIntermediate(root, await authority.request(), { lifetimeDays: 5 }),
  );
  const { self } = placeholdersOf(folders, 'a', 'kafka');
  mkdirSync(self, { recursive: true });
  const identity = { folder: ADMIN_IDENTITY_FOLDER, uris: [], commonName: 'admin' };
  await new IdentityKeeper(self, authority, () => 600).ensure([
    { ...identity, dnsNames: [], addresses: [], usages: ['client'] },
  ]);
});

afterEach(() => rmSync(root, { recursive: true }));

/** Nobody listens there: a client with a certificate learns that, one without learns that first. */
const broker = { zone: 'a', process: 'kafka', address: '127.0.0.1', port: 1024 };
const attempt = () =>
  withAdmin({ folders, cluster: { id: 'x', brokers: [broker] } }, () => Promise.resolve());

test.each(['tls.key', 'tls.crt', 'ca.crt'])(
  'an identity whose %s a power cut tore is one that its agent has still to issue',
  async (file) => {
    const { self } = placeholdersOf(folders, 'a', 'kafka');
    const path = join(self, ADMIN_IDENTITY_FOLDER, file);
    await expect(attempt()).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
      message: expect.not.stringContaining('certificate'),
    });
    for (const bytes of [Math.floor(readFileSync(path).length / 2), 0]) {
      truncateSync(path, bytes);
      await expect(attempt()).rejects.toMatchObject({
        code: 'KAFKA_UNREACHABLE',
        message: expect.stringContaining('no agent of its zones keeps a valid certificate'),
      });
    }
  },
);
