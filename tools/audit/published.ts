import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import { openCheckpoint } from '@meridian/verifier/checkpoint.ts';
import type { SignedCheckpoint } from '@meridian/verifier/checkpoint.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import type { VerifierKey } from '@meridian/verifier/signed-note.ts';
import { localFolders } from '../meridian/places.ts';
import { zoneStatuses } from '../meridian/zones.ts';

/** What keeps the heads on this machine, where no object store is. */
const KEEPER = 'checkpoint-store-stand-in';

/** What the audit log published on this machine, outside its database. */
export interface Published {
  /** Those whose certificates lead to the platform's root, the newest too. */
  readonly keys: readonly VerifierKey[];
  /** The same as they were published. */
  readonly vkeys: readonly string[];
  /** By size, the largest last; as they were published. */
  readonly heads: readonly { readonly size: number; readonly note: string }[];
}

/**
 * Reads what was published on this machine.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, AUDIT_KEY_UNTRUSTED
 */
export async function readPublished(): Promise<Published> {
  const folders = localFolders();
  const home = (await zoneStatuses(folders)).find(({ status }) =>
    status?.processes.some(({ name }) => name === KEEPER),
  );
  if (home === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      `Published heads: ${KEEPER} must be in a zone that runs, got none; bring the platform up with 'npm start' first.`,
    );
  }
  const { data } = placeholdersOf(folders, home.zone, KEEPER);
  return publishedIn(data, readFileSync(path.join(folders.state, 'pki/root.crt')));
}

/** The same from a folder with what was published: the keys of all logs, and the heads of the last. */
export function publishedIn(folder: string, rootCertificate: Buffer): Published {
  const root = new X509Certificate(rootCertificate);
  const logs = [folder, ...successorsIn(folder)];
  const vkeys = logs.flatMap((log) => certifiedKeys(log, root));
  const last = logs.findLast((log) => existsSync(path.join(log, 'heads'))) ?? folder;
  return { keys: vkeys.map(parseVerifierKey), vkeys, heads: headsIn(last) };
}

/** The folders of later logs, each named by its number. */
function successorsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[1-9]\d*$/.test(name))
    .toSorted((one, other) => Number(one) - Number(other))
    .map((name) => path.join(folder, name));
}

/** The newest head, with its signature checked; undefined while there is none. */
export function newestHead({ heads, keys }: Published): SignedCheckpoint | undefined {
  const newest = heads.at(-1);
  return newest && openCheckpoint(newest.note, { keys });
}

function headsIn(folder: string): Published['heads'] {
  const heads = path.join(folder, 'heads');
  if (!existsSync(heads)) return [];
  return readdirSync(heads)
    .filter((name) => /^\d{20}$/.test(name))
    .toSorted()
    .map((name) => ({
      size: Number(name),
      note: readFileSync(path.join(heads, name), 'utf8'),
    }));
}

/** The keys beside their certificates, each of which must lead to the root. */
function certifiedKeys(folder: string, root: X509Certificate): readonly string[] {
  const keys = path.join(folder, 'keys');
  if (!existsSync(keys)) return [];
  return readdirSync(keys)
    .filter((name) => name.endsWith('.vkey'))
    .toSorted()
    .map((name) => {
      const vkey = readFileSync(path.join(keys, name), 'utf8').trim();
      const key = parseVerifierKey(vkey);
      const chain = readFileSync(path.join(keys, name.replace(/vkey$/, 'pem')), 'utf8');
      if (isCertified(key, chain, root)) return vkey;
      throw new CodedError(
        'AUDIT_KEY_UNTRUSTED',
        `Key '${key.id}' of the audit log in ${keys}: must have a certificate that leads to the platform's root, got one that does not; somebody else put it there, or the root was replaced`,
      );
    });
}

/**
 * Whether a chain, leaf first, is of the key and of the audit service of the trust domain that the key's name
 * begins with, and each certificate is issued by the next, the last by the root. That they have expired since
 * says nothing: heads that were signed before are to be checked.
 */
export function isCertified(key: VerifierKey, pem: string, root: X509Certificate): boolean {
  const chain = (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (block) => new X509Certificate(block),
  );
  const [leaf] = chain;
  if (leaf?.publicKey.equals(key.publicKey) !== true) return false;
  const trustDomain = key.name.slice(0, key.name.indexOf('/'));
  const [, spiffeId = ''] = /^URI:([^,]+)$/.exec(leaf.subjectAltName ?? '') ?? [];
  if (!spiffeId.startsWith(`spiffe://${trustDomain}/`) || !spiffeId.endsWith('/sa/audit')) {
    return false;
  }
  return chain.every((certificate, position) => {
    const issuer = chain[position + 1] ?? root;
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  });
}
