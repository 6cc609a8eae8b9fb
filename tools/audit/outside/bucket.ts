import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { signersOf } from '@meridian/audit/log/checkpoint-note.ts';
import { ObjectStore } from '@meridian/audit/publication/object-store.ts';
import { StoreTrouble } from '@meridian/audit/publication/store-trouble.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { parseCheckpoint } from '@meridian/verifier/checkpoint.ts';
import { VerificationError } from '@meridian/verifier/verification-error.ts';
import type { Heads } from '../published.ts';

/** Objects that are read at once. */
const LANES = 16;

/** Each restore to an earlier moment makes one. */
const LOGS_MAX = 100;
/** Names of somebody else's objects among those of a log. */
const OTHERS_MAX = 100_000;

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
    // What it advises is meant for whoever runs the log, and nothing is asked again here.
    const [problem] = error.message.split('; ');
    throw new CodedError(
      'AUDIT_PUBLISHED_UNREADABLE',
      `Published heads at '${url}': must be readable, got: ${problem}; ${adviceOf(error)}`,
      { cause: error },
    );
  } finally {
    await store.close();
  }
}

function adviceOf({ kind }: StoreTrouble): string {
  switch (kind) {
    case 'away':
      return 'try again when it answers, or name a folder with a copy';
    case 'denied':
    case 'clock':
      return 'check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the clock of this machine, or name a folder with a copy';
    case 'region':
      return 'set AWS_REGION to where the bucket is';
    default:
      return 'see whether it is the address of the bucket (docs/audit.md)';
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
    let newest = await this.#newest(1);
    if (newest === undefined) throw unexpected('have a head in checkpoint', 'none');
    for (let log = 1; newest !== undefined; log += 1) {
      if (log > LOGS_MAX) throw unexpected(`have at most ${LOGS_MAX} logs`, 'more');
      const prefix = prefixOf(log);
      const next = await this.#newest(log + 1);
      const isLast = next === undefined;
      // Heads before keys, as a key is published before its first head.
      if (heads === 'all') await this.#heads(prefix, newest);
      else if (isLast && heads === 'newest') this.#writeHead(prefix, newest);
      await this.#keys(prefix, newest);
      newest = next;
    }
  }

  /** Of a log that is not there, undefined; whoever may not list is told of none that it may not be read. */
  async #newest(log: number): Promise<string | undefined> {
    const key = `${prefixOf(log)}checkpoint`;
    try {
      const note = await this.#store.get(key);
      // Whatever answers with something to each question would have ever more logs.
      if (note !== undefined) mustBeHead(note, key);
      return note;
    } catch (error) {
      if (error instanceof StoreTrouble && error.kind === 'denied' && log > 1) return undefined;
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
    const signers = signersOf(newest).map((id) => `${prefix}keys/${id}`);
    await this.#copy(listed ?? signers.flatMap((key) => [`${key}.pem`, `${key}.vkey`]));
  }

  /** All keys of a prefix; undefined where no list is to be had. */
  async #list(prefix: string): Promise<readonly string[] | undefined> {
    const found: string[] = [];
    let others = 0;
    for (let after = prefix, more = true; more;) {
      try {
        const page = await this.#store.keysAfter(prefix, after);
        // A name of another form could lead out of the folder.
        const ours = page.keys.filter((key) => key.startsWith(prefix) && OURS.test(key));
        found.push(...ours);
        others += page.keys.length - ours.length;
        after = page.keys.at(-1) ?? after;
        more = page.more;
      } catch (error) {
        if (error instanceof StoreTrouble && error.kind !== 'away' && after === prefix)
          return undefined;
        throw error;
      }
      if (others > OTHERS_MAX)
        throw unexpected(`list heads and keys below ${prefix}`, `${others} other names`);
    }
    return found;
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

const OURS = /^(\d+\/)?(heads\/\d{20}|keys\/[0-9a-f]{8}\.(pem|vkey))$/;

function prefixOf(log: number): string {
  return log === 1 ? '' : `${log}/`;
}

/** Whether it is signed is checked later, with keys. */
function mustBeHead(note: string, key: string): void {
  try {
    parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    throw unexpected(`have a head in ${key}`, `another text: ${error.message}`);
  }
}

function unexpected(must: string, got: string): StoreTrouble {
  return new StoreTrouble('unexpected', `The bucket must ${must}, got ${got}`);
}
