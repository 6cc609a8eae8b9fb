import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SEARCH_IDENTITY_FOLDER } from '@meridian/components/search/search-binding.ts';
import type { Issued, TestAuthority } from '@meridian/kit/testing/authority.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';

const ANSWER_TIMEOUT_MS = 10_000;

/** A user of a node under test, and what its binding needs. */
export interface IndexAccess {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Its index; so is every index whose name begins with it and a dot. */
  readonly index: string;
  readonly passwordFile: string;
}

/** What a node answers. */
export interface NodeAnswer {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

/** Writes the binding folder and the client certificate of a user into a process's folder. */
export async function bindIndex(
  folder: string,
  binding: string,
  access: IndexAccess,
  authority: TestAuthority,
  changes: Readonly<Record<string, string>> = {},
): Promise<void> {
  const properties = {
    type: 'elasticsearch',
    provider: 'meridian',
    host: access.host,
    port: String(access.port),
    username: access.username,
    'password-file': access.passwordFile,
    index: access.index,
    'tls-folder': SEARCH_IDENTITY_FOLDER,
    ...changes,
  };
  await mkdir(join(folder, 'bindings', binding), { recursive: true });
  for (const [key, value] of Object.entries(properties)) {
    await writeFile(join(folder, 'bindings', binding, key), value);
  }
  const identity = await authority.issue({ commonName: access.username });
  writeIdentity(join(folder, SEARCH_IDENTITY_FOLDER), identity);
}

/** Asks a node as a user, over a new connection each time. */
export class NodeClient {
  readonly #access: IndexAccess;
  readonly #authority: TestAuthority;
  readonly #withCertificate: boolean;
  #identity: Promise<Issued> | undefined;

  constructor(
    access: IndexAccess,
    authority: TestAuthority,
    { withCertificate = true }: { readonly withCertificate?: boolean } = {},
  ) {
    this.#access = access;
    this.#authority = authority;
    this.#withCertificate = withCertificate;
  }

  /** Throws only if nobody answers. */
  async request(method: string, path: string, body?: unknown): Promise<NodeAnswer> {
    this.#identity ??= this.#authority.issue({ commonName: this.#access.username });
    const { cert, key, ca } = await this.#identity;
    const { host, port, username, passwordFile } = this.#access;
    const { promise, resolve, reject } = Promise.withResolvers<NodeAnswer>();
    const sent = request(
      {
        ...{ host, port, method, path, ca },
        ...(this.#withCertificate ? { cert, key } : {}),
        agent: false,
        auth: `${username}:${readFileSync(passwordFile, 'utf8').trim()}`,
        timeout: ANSWER_TIMEOUT_MS,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        text(response)
          .then((said) => {
            const isJson = response.headers['content-type']?.includes('json') === true;
            const parsed: unknown = isJson && said !== '' ? JSON.parse(said) : said;
            resolve({ status: response.statusCode ?? 0, body: parsed });
          })
          .catch(reject);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }
}
