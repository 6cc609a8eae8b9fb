import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ObjectStore } from '@meridian/audit/publication/object-store.ts';
import { StoreTrouble } from '@meridian/audit/publication/store-trouble.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Heads } from '../published.ts';

/** Objects that are read at once. */
const LANES = 16;

/**
 * Copies what an audit log published from its bucket to a folder, under the same names. Where the bucket may not be
 * listed, which others' heads are in it is not known: then its newest head alone is copied, and that is said.
 * A bucket that is not public is read with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION.
 *
 * @throws {CodedError} AUDIT_PUBLISHED_UNREADABLE
 */
export async function fetchPublished(url: string, folder: string, heads: Heads): Promise<void> {
  const store = storeAt(url);
  try {
    await new Copy(store, folder).all(heads);
  } catch (error) {
    if (!(error instanceof StoreTrouble)) throw error;
    throw new CodedError(
      'AUDIT_PUBLISHED_UNREADABLE',
      `Published heads at '${url}': must be readable, got: ${error.message}`,
      { cause: error },
    );
  } finally {
    await store.close();
  }
}

/** The address is that of a bucket by path, or of whatever else serves its objects below it. */
function storeAt(url: string): ObjectStore {
  const { origin, pathname } = new URL(url);
  const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: secret = '' } = process.env;
  const { AWS_REGION: region = 'us-east-1' } = process.env;
  const bucket = pathname.replaceAll(/^\/|\/$/g, '');
  return new ObjectStore({
    external: 'checkpoint-store',
    uri: origin,
    secrets: (name) => [name === 'access-key-id' ? id : secret],
    parameter: (name) => ({ bucket, region })[name],
  });
}

class Copy {
  readonly #store: ObjectStore;
  readonly #folder: string;

  constructor(store: ObjectStore, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  async all(heads: Heads): Promise<void> {
    // Each log begins where the one before it ended (docs/runbooks/audit-log-stopped.md).
    for (let log = 1; ; log += 1) {
      const prefix = log === 1 ? '' : `${log}/`;
      const newest = await this.#newest(prefix);
      if (newest === undefined) return;
      const isLast = (await this.#newest(`${log + 1}/`)) === undefined;
      // Heads before keys, as a key is published before its first head.
      if (isLast && heads === 'all') await this.#heads(prefix, newest);
      else if (isLast && heads === 'newest') this.#writeHead(prefix, newest);
      await this.#keys(prefix, newest);
      if (isLast) return;
    }
  }

  /** Of a log that is not there, undefined; whoever may not list is told of none that it may not be read. */
  async #newest(prefix: string): Promise<string | undefined> {
    try {
      return await this.#store.get(`${prefix}checkpoint`);
    } catch (error) {
      if (error instanceof StoreTrouble && error.kind === 'denied' && prefix !== '')
        return undefined;
      throw error;
    }
  }

  async #heads(prefix: string, newest: string): Promise<void> {
    const keys = await this.#list(`${prefix}heads/`);
    if (keys === undefined) {
      process.stderr.write(
        `The bucket ${this.#store.place} may not be listed, so that of its heads the newest alone is known; a copy of all, such as by 'aws s3 sync', shows more\n`,
      );
      this.#writeHead(prefix, newest);
    } else await this.#copy(keys);
  }

  async #keys(prefix: string, newest: string): Promise<void> {
    const listed = await this.#list(`${prefix}keys/`);
    const signers = keyIdsOf(newest).map((id) => `${prefix}keys/${id}`);
    await this.#copy(listed ?? signers.flatMap((key) => [`${key}.pem`, `${key}.vkey`]));
  }

  /** All keys of a prefix; undefined where no list is to be had. */
  async #list(prefix: string): Promise<readonly string[] | undefined> {
    const found: string[] = [];
    for (let after = prefix, more = true; more;) {
      try {
        const page = await this.#store.keysAfter(prefix, after);
        found.push(...page.keys);
        after = page.keys.at(-1) ?? after;
        more = page.more;
      } catch (error) {
        if (error instanceof StoreTrouble && error.kind !== 'away' && found.length === 0)
          return undefined;
        throw error;
      }
    }
    // A name of another form could lead out of the folder.
    return found.filter((key) =>
      /^(\d+\/)?(heads\/\d{20}|keys\/[0-9a-f]{8}\.(pem|vkey))$/.test(key),
    );
  }

  async #copy(keys: readonly string[]): Promise<void> {
    const left = keys.values();
    const lane = async (): Promise<void> => {
      for (const key of left) {
        const content = await this.#store.get(key);
        if (content !== undefined) this.#write(key, content);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  #writeHead(prefix: string, note: string): void {
    const size = /^[^\n]*\n(\d{1,15})\n/.exec(note)?.[1] ?? '0';
    this.#write(`${prefix}heads/${size.padStart(20, '0')}`, note);
  }

  #write(key: string, content: string): void {
    const file = path.join(this.#folder, key);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** Ids of the keys that a note says it is signed with (C2SP signed-note): the first four bytes of each signature. */
function keyIdsOf(note: string): readonly string[] {
  return [...note.matchAll(/^— \S+ (\S+)$/gm)].map(([, signature = '']) =>
    Buffer.from(signature, 'base64').subarray(0, 4).toString('hex'),
  );
}
