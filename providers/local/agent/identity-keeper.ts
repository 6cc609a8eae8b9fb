import { createHash } from 'node:crypto';
import { mkdir, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../provider-error.ts';
import type { IdentitySpec } from '../process-spec.ts';
import { BACKDATE_SECONDS } from '../pki/x509.ts';
import type { Authority } from './authority.ts';
import { replaceSymlink } from './atomic-file.ts';
import { SerialQueue } from './serial-queue.ts';

/** Which certificates a renewal takes: those that are due by the clock, or all, due or not. */
export type Renewal = 'due' | 'all';

/** What is known of a leaf that lies in a process's folder. */
interface Issued {
  readonly identity: string;
  readonly issuer: string | undefined;
  /** Wall clock, ms. */
  readonly issuedAt: number;
  readonly notAfter: Date;
}

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
   * @returns whether any was issued
   * @throws {ProviderError} AUTHORITY_MISSING, AUTHORITY_EXPIRED
   */
  ensure(identities: readonly IdentitySpec[], which: Renewal = 'due'): Promise<boolean> {
    return this.#serial.run(() => this.#ensure(identities, which));
  }

  /** Removes the certificate of an identity that is no longer wanted. */
  remove(folder: string): Promise<void> {
    return this.#serial.run(async () => {
      this.#issued.delete(folder);
      await rm(join(this.#self, folder), { force: true });
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
      issued.issuer !== this.#authority.status?.fingerprint
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
    const folder = join(this.#self, version);
    await mkdir(folder, { mode: 0o700 });
    await writeFile(join(folder, 'tls.key'), leaf.key, { mode: 0o600 });
    await writeFile(join(folder, 'tls.crt'), leaf.certificate, { mode: 0o600 });
    await writeFile(join(folder, 'ca.crt'), this.#authority.root ?? '', { mode: 0o600 });
    const link = join(this.#self, identity.folder);
    const previous = await linkTarget(link);
    await replaceSymlink(link, version);
    this.#issued.set(identity.folder, {
      identity: digestOf(identity),
      issuer,
      issuedAt,
      notAfter: leaf.notAfter,
    });
    // The previous issue stays for a reader that has resolved the link and is about to open.
    await this.#removeIssues(identity.folder, [version, previous]);
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

async function linkTarget(link: string): Promise<string | undefined> {
  try {
    return await readlink(link);
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) {
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
