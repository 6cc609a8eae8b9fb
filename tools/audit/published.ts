import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import type { VerifierKey } from '@meridian/verifier/signed-note.ts';
import { KEPT_HEADS_VARIABLE } from '../meridian/kept-heads.ts';
import { pathGiven } from '../meridian/path-given.ts';
import { localFolders } from '../meridian/places.ts';
import { zoneStatuses } from '../meridian/zones.ts';
import { headsIn } from './newest-head.ts';
import { unusable } from './reach.ts';
import type { Reach } from './reach.ts';
import { rootGiven } from './root-given.ts';
import { trustedKeys } from './trust.ts';

/** What keeps the heads on this machine, where no object store is. */
const KEEPER = 'checkpoint-store-stand-in';

/** What the audit log published on this machine, outside its database. */
export interface Published {
  /** Those whose certificates lead to the platform's root, the newest too; or those that somebody trusts instead. */
  readonly keys: readonly VerifierKey[];
  /** The same as they were published. */
  readonly vkeys: readonly string[];
  /** The largest head of the last log as it was published; of 'none', and while there is none, undefined. */
  readonly newest: string | undefined;
  /** Where all of that log are, up to that one. */
  readonly heads: { readonly folder: string; readonly largest: number };
  /** Number of that log. */
  readonly log: number;
  /** The logs before it of which heads are there. */
  readonly former: readonly { readonly log: number; readonly folder: string }[];
  /** A sentence for each key that is left out, as nothing vouches for it. */
  readonly doubts: readonly string[];
}

/**
 * Which heads are needed: there may be millions. Of a folder no more than the newest is read here; from a bucket
 * all are fetched.
 */
export type Heads = 'all' | 'newest' | 'none';

/**
 * Reads what was published on this machine or elsewhere, and says on standard error which keys are left out.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, AUDIT_OPTION_UNUSABLE, AUDIT_PUBLISHED_UNREADABLE, AUDIT_FILE_UNREADABLE
 */
export async function readPublished(heads: Heads, reach: Reach = {}): Promise<Published> {
  const vkeys = reach.trust === undefined ? undefined : trustedKeys(reach.trust);
  const place = reach.published === undefined ? await placeHere(reach) : placeElsewhere(reach);
  const root = reach.root === undefined ? place.root : rootGiven(reach.root);
  if (vkeys === undefined && root === undefined) {
    throw unusable(
      '--root',
      "name the platform's root certificate, which vouches for keys that were published",
      'nothing',
      'give it, or keys that you trust with --trust; whoever runs the platform has it (docs/audit.md)',
    );
  }
  const folder = await place.folder(heads);
  const published = publishedIn(folder, vkeys ?? new X509Certificate(root ?? ''), heads);
  for (const doubt of published.doubts) process.stderr.write(`${doubt}\n`);
  return published;
}

interface Place {
  /** Where it lies as files; once it is there. */
  folder(heads: Heads): string | Promise<string>;
  readonly root?: Buffer;
}

async function placeHere({ url }: Reach): Promise<Place> {
  if (url !== undefined) {
    throw unusable(
      '--published',
      'say where that platform publishes heads, outside of its hands',
      'nothing',
      'give a folder with a copy of the bucket, or its address (docs/audit.md)',
    );
  }
  const folders = localFolders();
  const home = (await zoneStatuses(folders)).find(({ status }) =>
    status?.processes.some(({ name }) => name === KEEPER),
  );
  if (home === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      `Published heads: ${KEEPER} must be in a zone that runs, got none; bring the platform up with 'npm start' first; elsewhere 'audit check' takes keys that you kept: --trust keys.txt`,
    );
  }
  // Where root started the platform, root keeps a copy that the platform's account cannot change.
  const { data } = placeholdersOf(folders, home.zone, KEEPER);
  const published = process.env[KEPT_HEADS_VARIABLE] ?? data;
  return { folder: () => published, root: readFileSync(path.join(folders.state, 'pki/root.crt')) };
}

function placeElsewhere({ published = '' }: Reach): Place {
  if (/^https?:\/\//i.test(published)) {
    mustBeUnaltered(published);
    return {
      async folder(heads) {
        const { fetchPublished } = await import('./outside/bucket.ts');
        const folder = mkdtempSync(path.join(tmpdir(), 'meridian-published-'));
        process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
        await fetchPublished(published, folder, heads);
        return folder;
      },
    };
  }
  const folder = pathGiven(published);
  return {
    folder() {
      const logs = existsSync(folder) ? [folder, ...successorsIn(folder)] : [];
      if (logs.some((log) => PARTS.some((part) => existsSync(path.join(log, part))))) return folder;
      throw new CodedError(
        'AUDIT_PUBLISHED_UNREADABLE',
        `Published heads in '${folder}': must be a folder with 'heads' and 'keys', got ${existsSync(folder) ? 'one without either' : 'none'}; give that of a copy of the bucket`,
      );
    },
  };
}

const PARTS = ['heads', 'keys'];

/** Whoever is on the way could leave out newer heads, or a whole log. */
function mustBeUnaltered(address: string): void {
  const { protocol, hostname } = URL.canParse(address) ? new URL(address) : {};
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname ?? '');
  if (protocol === 'https:' || (protocol === 'http:' && isHere)) return;
  throw unusable(
    '--published',
    'be a folder, or the address of a bucket by https',
    `'${address}'`,
    'by http only this machine itself is asked',
  );
}

/** The same from a folder with what was published: the keys of all logs, unless others are trusted, and the last log. */
export function publishedIn(
  folder: string,
  trusted: X509Certificate | readonly string[],
  heads: Heads,
): Published {
  const logs = [folder, ...successorsIn(folder)];
  const last = logs.findLast((log) => existsSync(path.join(log, 'heads'))) ?? folder;
  // Before the keys, as a key is published before its first head.
  const headsFolder = path.join(last, 'heads');
  const name = heads === 'none' ? undefined : newestIn(headsFolder);
  const newest =
    name === undefined ? undefined : readFileSync(path.join(headsFolder, name), 'utf8');
  const found: readonly Found[] =
    trusted instanceof X509Certificate
      ? logs.flatMap((log) => keysIn(log, trusted))
      : trusted.map((vkey) => ({ vkey }));
  const vkeys = found.flatMap(({ vkey }) => vkey ?? []);
  return {
    keys: vkeys.map(parseVerifierKey),
    vkeys,
    newest,
    heads: { folder: headsFolder, largest: Number(name ?? 0) },
    log: numberOf(last, folder),
    former: logs
      .slice(0, logs.indexOf(last))
      .map((log) => ({ log: numberOf(log, folder), folder: path.join(log, 'heads') }))
      .filter(({ folder: former }) => existsSync(former)),
    doubts: found.flatMap(({ doubt }) => doubt ?? []),
  };
}

function numberOf(log: string, first: string): number {
  return log === first ? 1 : Number(path.basename(log));
}

/** The folders of later logs, each named by its number. */
function successorsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[1-9]\d*$/.test(name))
    .toSorted((one, other) => Number(one) - Number(other))
    .map((name) => path.join(folder, name));
}

/** The name of the newest head, which is its size in 20 digits. */
function newestIn(heads: string): string | undefined {
  let newest: string | undefined;
  for (const name of headsIn(heads)) if (newest === undefined || name > newest) newest = name;
  return newest;
}

interface Found {
  readonly vkey?: string;
  readonly doubt?: string;
}

/** The keys beside their certificates, each of which must lead to the root; others are left out and named. */
function keysIn(folder: string, root: X509Certificate): readonly Found[] {
  const keys = path.join(folder, 'keys');
  if (!existsSync(keys)) return [];
  return readdirSync(keys)
    .filter((name) => name.endsWith('.vkey'))
    .toSorted()
    .map((name): Found => {
      const file = path.join(keys, name);
      try {
        const vkey = readFileSync(file, 'utf8').trim();
        const chain = readFileSync(file.replace(/vkey$/, 'pem'), 'utf8');
        if (isCertified(parseVerifierKey(vkey), chain, root)) return { vkey };
        return { doubt: doubtOf(file, 'got one that does not') };
      } catch (error) {
        // A key whose certificate is not there yet or is none, and a file that is not a key: each proves nothing.
        return { doubt: doubtOf(file, messageOf(error)) };
      }
    });
}

function doubtOf(file: string, got: string): string {
  return `Key '${file}' of the audit log is not trusted: it must be one with a certificate that leads to the platform's root, ${got}; somebody else put it there, the root was replaced, or its publication was broken off`;
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
