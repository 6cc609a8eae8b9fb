import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createRoot, readRoot } from '../pki/root.ts';
import type { Root } from '../pki/root.ts';
import type { Folders } from '../folders.ts';
import type { ResourceHandler } from './resource-handler.ts';

const DAY_MS = 86_400_000;
/** A root is replaced when less than this, or a third of its lifetime, is left. */
const RENEWAL_DAYS = 30;

const inputs = z.strictObject({
  trustDomain: z
    .string()
    .max(255)
    .regex(
      /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
      'must be a domain name in lower case, such as meridian.local',
    ),
  lifetimeDays: z.int().min(1, 'must be 1 to 3650').max(3650, 'must be 1 to 3650'),
  state: z.literal('valid', 'is set by the provider'),
});
const state = z.looseObject({ fingerprint: z.string(), lifetimeDays: z.number() });

/** The stack's folder of certificates that no zone owns. */
export function pkiFolder(folders: Folders): string {
  return join(folders.state, 'pki');
}

/** Manages `RootAuthority`: a key and a certificate in the state folder. */
export const rootAuthorityHandler: ResourceHandler<
  z.infer<typeof inputs>,
  z.infer<typeof state>
> = {
  inputs,
  state,
  inputKeys: ['trustDomain', 'lifetimeDays', 'state'],
  replacedBy: ['trustDomain', 'lifetimeDays', 'state'],
  async create(wanted, { folders }) {
    const root = await createRoot(pkiFolder(folders), wanted);
    return { id: root.fingerprint, outputs: { ...wanted, ...outputsOf(root) } };
  },
  async read(known, properties, { folders, warn }) {
    const root = await readRoot(pkiFolder(folders));
    if (root === undefined) {
      return undefined;
    }
    if (root.notBefore.getTime() > Date.now()) {
      warn(`The root certificate ${beginsLater(root.notBefore)}`);
      return { ...properties, ...outputsOf(root), state: 'not-begun' };
    }
    const leftDays = (root.notAfter.getTime() - Date.now()) / DAY_MS;
    const expires = leftDays < Math.min(RENEWAL_DAYS, known.lifetimeDays / 3);
    return { ...properties, ...outputsOf(root), state: expires ? 'expiring' : 'valid' };
  },
  update(known, wanted) {
    // Nothing but a state of an older version can bring this about: every input replaces.
    return Promise.resolve({ ...known, ...wanted });
  },
  async delete(known, { folders }) {
    const folder = pkiFolder(folders);
    const root = await readRoot(folder);
    // A replacement has already taken the place of the one that is to go.
    if (root === undefined || root.fingerprint === known.fingerprint) {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** What is told of a certificate that was made under another clock. */
export function beginsLater(notBefore: Date): string {
  return `begins at ${notBefore.toISOString()}, and this machine's clock says ${new Date().toISOString()}: one of the two clocks was wrong, so it is made again`;
}

function outputsOf(root: Root) {
  return {
    trustDomain: root.trustDomain,
    fingerprint: root.fingerprint,
    certificatePath: '${state}/pki/root.crt',
  };
}
