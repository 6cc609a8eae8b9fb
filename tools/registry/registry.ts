import { createHash } from 'node:crypto';
import { createWriteStream, openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch } from 'undici';
import type { Response } from 'undici';
import { digestOf } from '../../stacks/pins.ts';
import {
  checkEncrypted,
  MOST_REDIRECTS,
  readBody,
  REDIRECTS,
  unreachable,
} from '../pins/bounded-get.ts';
import { LookupFailure } from '../pins/lookup-failure.ts';
import { IMAGE_TYPES, LARGEST_MANIFEST_BYTES, originOf } from '../pins/registry.ts';
import { givenToken, tokenUrl } from '../pins/token-challenge.ts';
import type { Descriptor } from './descriptor.ts';
import { isEcr } from './logins.ts';
import type { RegistryLogin } from './logins.ts';

/** A layer may be some hundred megabytes, over a line that is slow. */
const REQUEST_MS = 900_000;

/** A manifest as it was written: its digest is that of these bytes. */
export interface RawManifest {
  readonly digest: string;
  readonly type: string;
  readonly bytes: Buffer;
}

interface Asked {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob | Buffer;
}

/**
 * A registry, read and written by the protocol of the OCI Distribution Specification 1.1. Nothing is taken for what it says that it
 * is: manifests and blobs are held against their digests, whichever way they go.
 */
export class Registry {
  readonly host: string;
  /** Whether it makes a repository when something is sent to it, as most do. */
  readonly makesRepositories: boolean;
  readonly #login: RegistryLogin | undefined;
  readonly #agent = new EnvHttpProxyAgent({ headersTimeout: REQUEST_MS, bodyTimeout: REQUEST_MS });
  /** What a repository is asked by, once the registry has said how. */
  readonly #authorization = new Map<string, string>();

  constructor(host: string, login?: RegistryLogin, makesRepositories = !isEcr(host)) {
    this.host = host;
    this.makesRepositories = makesRepositories;
    this.#login = login;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** What is kept under a tag or digest; undefined where nothing is. */
  async manifest(repository: string, reference: string): Promise<RawManifest | undefined> {
    const answer = await this.#ask(repository, `manifests/${reference}`, {
      headers: { accept: IMAGE_TYPES.join(', ') },
    });
    if (answer.status === 404) {
      const refusal = await refusalOf(answer);
      if (refusal.includes('NAME_UNKNOWN')) throw new NoRepository(this.host, repository);
      return undefined;
    }
    await this.#expect(answer, [200], `'${repository}:${reference}'`);
    const bytes = await readBody(answer, LARGEST_MANIFEST_BYTES);
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const digest = digestOf(bytes);
    if (reference.startsWith('sha256:') && reference !== digest) {
      throw new LookupFailure(`${this.host} gave ${digest} for '${repository}@${reference}'`);
    }
    return { digest, type, bytes };
  }

  /** Whether a blob is kept, which need not be sent then. */
  async hasBlob(repository: string, digest: string): Promise<boolean> {
    const answer = await this.#ask(repository, `blobs/${digest}`, { method: 'HEAD' });
    if (answer.status === 404) return false;
    await this.#expect(answer, [200, 307], `the blob ${digest}`);
    return true;
  }

  /** Reads a blob into a file. */
  async readBlob(repository: string, { digest, size }: Descriptor, file: string): Promise<void> {
    const answer = await this.#ask(repository, `blobs/${digest}`, {});
    await this.#expect(answer, [200], `the blob ${digest}`);
    const hash = createHash('sha256');
    let received = 0;
    await pipeline(
      Readable.fromWeb(answer.body as never),
      async function* checked(parts: AsyncIterable<Uint8Array>) {
        for await (const part of parts) {
          received += part.length;
          if (received > size) break;
          hash.update(part);
          yield part;
        }
      },
      createWriteStream(file),
    );
    const got = `sha256:${hash.digest('hex')}`;
    if (received === size && got === digest) return;
    throw new LookupFailure(
      `${this.host} gave ${received} bytes with ${got} for the blob ${digest} of ${size}`,
    );
  }

  /**
   * Sends a blob from a file: an upload that is begun, sent in one part and ended by its digest, as clients of registries do
   * (specification, "Pushing a blob in chunks").
   */
  async writeBlob(repository: string, { digest }: Descriptor, file: string): Promise<void> {
    const begun = await this.#ask(repository, 'blobs/uploads/', { method: 'POST' });
    await this.#expect(begun, [202], `an upload to '${repository}'`);
    const body = await openAsBlob(file);
    const sent = await this.#send(repository, this.#next(begun), {
      method: 'PATCH',
      headers: { 'content-type': 'application/octet-stream' },
      body,
    });
    await this.#expect(sent, [202], `the blob ${digest}`);
    const end = this.#next(sent);
    end.searchParams.set('digest', digest);
    const ended = await this.#send(repository, end, { method: 'PUT' });
    await this.#expect(ended, [201], `the blob ${digest}`);
  }

  /** Keeps a manifest under a tag, or under its digest alone. */
  async writeManifest(
    repository: string,
    reference: string,
    { type, bytes }: RawManifest,
  ): Promise<void> {
    const answer = await this.#ask(repository, `manifests/${reference}`, {
      method: 'PUT',
      headers: { 'content-type': type },
      body: bytes,
    });
    await this.#expect(answer, [201], `'${repository}:${reference}'`);
  }

  #next(answer: Response): URL {
    const location = answer.headers.get('location') ?? '';
    const base = originOf(this.host);
    if (location === '' || !URL.canParse(location, base)) {
      throw new LookupFailure(`${this.host} does not say where an upload goes on`);
    }
    return new URL(location, base);
  }

  async #ask(repository: string, place: string, asked: Asked): Promise<Response> {
    return await this.#send(
      repository,
      new URL(`${originOf(this.host)}/v2/${repository}/${place}`),
      asked,
    );
  }

  /** Sends a request, and again with what the registry asks for. */
  async #send(repository: string, url: URL, asked: Asked): Promise<Response> {
    const first = await this.#once(url, asked, this.#authorization.get(repository));
    // Only the registry itself may say by what it is asked: another place that it leads to could name one that keeps passwords.
    if (first.status !== 401 || new URL(first.url).origin !== originOf(this.host)) return first;
    await first.body?.cancel();
    this.#authorization.set(repository, await this.#authorise(first, repository));
    return await this.#once(url, asked, this.#authorization.get(repository));
  }

  async #once(
    given: URL,
    { method = 'GET', headers = {}, body }: Asked,
    authorization: string | undefined,
  ): Promise<Response> {
    let url = given;
    for (let step = 0; step <= MOST_REDIRECTS; step += 1) {
      checkEncrypted(url);
      const shown =
        authorization === undefined || url.origin !== originOf(this.host)
          ? headers
          : { ...headers, authorization };
      const answer = await this.#fetched(url, method, shown, body);
      const location = answer.headers.get('location');
      const isElsewhere = REDIRECTS.has(answer.status);
      if (method !== 'GET' || !isElsewhere || location === null) return answer;
      await answer.body?.cancel();
      if (!URL.canParse(location, url.href)) break;
      url = new URL(location, url);
    }
    throw new LookupFailure(`${this.host} leads to no end of other places`);
  }

  async #fetched(
    url: URL,
    method: string,
    headers: Readonly<Record<string, string>>,
    body: Asked['body'],
  ): Promise<Response> {
    try {
      return await fetch(url, {
        method,
        headers: { ...headers },
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(REQUEST_MS),
      });
    } catch (cause) {
      throw unreachable(url, cause, REQUEST_MS);
    }
  }

  /** By name and password, or by a token that somebody gives for them. */
  async #authorise({ headers }: Response, repository: string): Promise<string> {
    const challenge = headers.get('www-authenticate') ?? '';
    const basic =
      this.#login === undefined
        ? undefined
        : `Basic ${Buffer.from(`${this.#login.user}:${this.#login.password}`).toString('base64')}`;
    if (/^basic/i.test(challenge) && basic !== undefined) return basic;
    const url = tokenUrl(challenge, repository, basic === undefined ? 'pull' : 'pull,push');
    if (url === undefined) {
      throw new LookupFailure(`${this.host} shows '${repository}' to nobody without an account`);
    }
    checkEncrypted(url);
    const answer = await this.#fetched(
      url,
      'GET',
      basic === undefined ? {} : { authorization: basic },
      undefined,
    );
    await this.#expect(answer, [200], `a token for '${repository}'`);
    const given = givenToken((await answer.json()) as Record<string, unknown>);
    if (given !== undefined) return `Bearer ${given}`;
    throw new LookupFailure(`${url.host} gave no token for ${this.host}`);
  }

  async #expect(answer: Response, statuses: readonly number[], what: string): Promise<void> {
    if (statuses.includes(answer.status)) return;
    const refusal = await refusalOf(answer);
    throw new LookupFailure(`${this.host} answered ${answer.status} for ${what}${refusal}`);
  }
}

/** Where images of a name would be is nothing, and this registry makes no place by itself. */
export class NoRepository extends LookupFailure {
  constructor(host: string, repository: string) {
    super(`${host} has no repository '${repository}'`);
  }
}

/** What a registry says of a refusal. Source: OCI Distribution Specification 1.1, "Error Codes" */
async function refusalOf(answer: Response): Promise<string> {
  try {
    const { errors = [] } = JSON.parse(
      (await readBody(answer, LARGEST_MANIFEST_BYTES)).toString('utf8'),
    ) as { readonly errors?: readonly { readonly code?: string; readonly message?: string }[] };
    const said = errors.map(({ code = '', message = '' }) => `${code} ${message}`.trim());
    return said.length === 0 ? '' : ` (${said.join(', ')})`;
  } catch {
    return '';
  }
}
