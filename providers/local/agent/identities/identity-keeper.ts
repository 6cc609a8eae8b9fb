import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { IdentitySpec } from '../../process-spec.ts';
import { BACKDATE_SECONDS } from '../../pki/x509.ts';
import { onDisk } from '../../machine/system-trouble.ts';
import type { Authority } from './authority.ts';
import { replaceSymlink } from '../../machine/atomic-file.ts';
import { fileMark } from '../../machine/file-mark.ts';
import { SerialQueue } from '../zone/serial-queue.ts';

/** Which certificates a renewal takes: those that are due by the clock, or all, due or not. */
export type Renewal = 'due' | 'all';

/** What is known of a leaf that lies in a process's folder. */
interface Issued {
  readonly identity: string;
  readonly issuer: string | undefined;
  /** Wall clock, ms. */
  readonly issuedAt: number;
  readonly notAfter: Date;
  /** Of the files as they were written; undefined when one of them went at once. */
  readonly mark: string | undefined;
}

const FILES = ['tls.key', 'tls.crt', 'ca.crt'] as const;

/**
 * Issues the leaf certificates of one process and renews them at half life.
 *
 * `${self}/<folder>` is a link to a folder of one issue, swapped in one step, so that a reader never
 * sees the certificate of one issue with the key of another (as Kubernetes mounts Secrets). All times
 * are the wall clock's: after a sleep of the machine the next look finds what is due.
 */
export class IdentityKeeper {
  readonly #self: string;
  readonly #authority: Authority;
  readonly #lifetimeSeconds: () => number;
  readonly #issued = new Map<string, Issued>();
  readonly #serial = new SerialQueue();

  constructor(self: string, authority: Authority, lifetimeSeconds: () => number) {
    this.#self = self;
    this.#authority = authority;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** Ends of validity of what lies in the folders. */
  certificates(): readonly { readonly folder: string; readonly notAfter: string }[] {
    return [...this.#issued].map(([folder, { notAfter }]) => ({
      folder,
      notAfter: notAfter.toISOString(),
    }));
  }

  /**
   * Issues every identity that is missing, due, changed or from an older authority; or all of them.
   * The disk is looked at, not what is remembered of it: a file that somebody removed, emptied or
   * wrote over makes its identity due.
   * @returns whether any was issued
   * @throws {CodedError} AUTHORITY_MISSING, AUTHORITY_EXPIRED, AUTHORITY_NOT_BEGUN, DISK_FULL, …
   */
  ensure(identities: readonly IdentitySpec[], which: Renewal = 'due'): Promise<boolean> {
    return this.#serial.run(() => this.#ensure(identities, which));
  }

  /** Removes the certificate of an identity that is no longer wanted. */
  remove(folder: string): Promise<void> {
    return this.#serial.run(async () => {
      this.#issued.delete(folder);
      await rm(join(this.#self, folder), { recursive: true, force: true });
      await this.#removeIssues(folder, []);
    });
  }

  async #ensure(identities: readonly IdentitySpec[], which: Renewal): Promise<boolean> {
    const due = identities.filter((identity) => which === 'all' || this.#isDue(identity));
    for (const identity of due) {
      await this.#issue(identity);
    }
    return due.length > 0;
  }

  #isDue(identity: IdentitySpec): boolean {
    const issued = this.#issued.get(identity.folder);
    if (
      issued?.identity !== digestOf(identity) ||
      issued.issuer !== this.#authority.status?.fingerprint ||
      issued.mark === undefined ||
      issued.mark !== markOf(join(this.#self, identity.folder))
    ) {
      return true;
    }
    const now = Date.now();
    const lifetimeMs = Math.min(
      issued.notAfter.getTime() - issued.issuedAt,
      this.#lifetimeSeconds() * 1000,
    );
    // A clock set back further than the certificate was backdated makes it not valid yet.
    return (
      now >= issued.issuedAt + lifetimeMs / 2 || now < issued.issuedAt - BACKDATE_SECONDS * 1000
    );
  }

  async #issue(identity: IdentitySpec): Promise<void> {
    const issuer = this.#authority.status?.fingerprint;
    const issuedAt = Date.now();
    const leaf = await this.#authority.issue(identity, this.#lifetimeSeconds());
    const version = `.${identity.folder}-${leaf.serialNumber}`;
    const link = join(this.#self, identity.folder);
    const previous = linkTarget(link);
    await this.#write(join(this.#self, version), [
      leaf.key,
      leaf.certificate,
      this.#authority.root,
    ]);
    if (previous === undefined) {
      // Whatever else lies under the name of the link is in its way.
      await rm(link, { recursive: true, force: true });
    }
    await replaceSymlink(link, version);
    this.#issued.set(identity.folder, {
      identity: digestOf(identity),
      issuer,
      issuedAt,
      notAfter: leaf.notAfter,
      mark: markOf(link),
    });
    // The previous issue stays for a reader that has resolved the link and is about to open.
    await this.#removeIssues(identity.folder, [version, previous]);
  }

  /** Writes an issue, or nothing: where the disk is full it is tried again every second. */
  async #write(folder: string, contents: readonly (string | undefined)[]): Promise<void> {
    await onDisk(folder, async () => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        for (const [index, file] of FILES.entries()) {
          await writeFile(join(folder, file), contents[index] ?? '', { mode: 0o600 });
        }
      } catch (thrown) {
        await rm(folder, { recursive: true, force: true });
        throw thrown;
      }
    });
  }

  async #removeIssues(folder: string, kept: readonly (string | undefined)[]): Promise<void> {
    const pattern = new RegExp(`^\\.${folder}-[0-9a-f]{32}$`);
    for (const name of await namesIn(this.#self)) {
      if (pattern.test(name) && !kept.includes(name)) {
        await rm(join(this.#self, name), { recursive: true, force: true });
      }
    }
  }
}

function digestOf(identity: IdentitySpec): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

/** Which issue a link leads to, with the marks of its files; undefined unless all of it is there. */
function markOf(link: string): string | undefined {
  const marks = [linkTarget(link), ...FILES.map((file) => fileMark(join(link, file)))];
  return marks.includes(undefined) ? undefined : marks.join(' ');
}

/** Undefined when there is no link of that name. */
function linkTarget(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch (thrown) {
    // EINVAL: something lies there that is not a link.
    if (['ENOENT', 'EINVAL'].some((code) => isSystemError(thrown, code))) {
      return undefined;
    }
    throw thrown;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) {
      return [];
    }
    throw thrown;
  }
}
