import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { IdentityFiles } from './cluster-authority.ts';

/** An object of the API, as far as every kind has it. */
export interface ApiObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly generation?: number;
  };
}

/** One change that a watch tells of. */
export interface WatchEvent<T extends ApiObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** How the API server refused something. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Talks to an API server with a client certificate. */
export class KubernetesClient {
  readonly #server: string;
  readonly #agent: Agent;

  constructor(server: string, authorityFile: string, identity: IdentityFiles) {
    this.#server = server;
    this.#agent = new Agent({
      keepAlive: true,
      ca: readFileSync(authorityFile),
      cert: readFileSync(identity.certificate),
      key: readFileSync(identity.key),
    });
  }

  /** Throws `ApiError`. */
  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.#ask(path)) as T;
  }

  /** The text that a path answers, such as that of `/readyz`. */
  async text(path: string): Promise<string> {
    return await this.#ask(path);
  }

  async list<T extends ApiObject>(path: string): Promise<readonly T[]> {
    return (await this.get<{ readonly items: readonly T[] }>(path)).items;
  }

  async create<T extends ApiObject>(path: string, body: T): Promise<T> {
    return JSON.parse(await this.#ask(path, { method: 'POST', body })) as T;
  }

  /** Merges into an object (RFC 7396). */
  async merge(path: string, body: unknown): Promise<void> {
    await this.#ask(path, {
      method: 'PATCH',
      body,
      contentType: 'application/merge-patch+json',
    });
  }

  async delete(path: string): Promise<void> {
    await this.#ask(path, { method: 'DELETE' });
  }

  /**
   * Tells of every change of a list from now on, one after the other, until the result is disposed of.
   * Rejects `failed` when the watch breaks.
   */
  watch<T extends ApiObject>(
    path: string,
    resourceVersion: string,
    tell: (event: WatchEvent<T>) => void,
  ): Watch {
    const query = new URLSearchParams({ watch: 'true', resourceVersion });
    const failed = Promise.withResolvers<never>();
    // Whoever waits for something else as well sees it there.
    failed.promise.catch(() => undefined);
    const call = request(`${this.#server}${path}?${query.toString()}`, { agent: this.#agent });
    let rest = '';
    call.on('response', (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        try {
          for (const line of lines) tell(JSON.parse(line) as WatchEvent<T>);
        } catch (error) {
          failed.reject(error);
        }
      });
      response.on('end', () => failed.reject(new Error(`the watch of ${path} has ended`)));
    });
    call.on('error', (error) => failed.reject(error)).end();
    return { failed: failed.promise, [Symbol.dispose]: () => call.destroy() };
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask(path: string, asked: Asked = {}): Promise<string> {
    const { method = 'GET', body, contentType = 'application/json' } = asked;
    const sent = body === undefined ? '' : JSON.stringify(body);
    return await new Promise((resolve, reject) => {
      const call = request(
        `${this.#server}${path}`,
        {
          method,
          agent: this.#agent,
          headers: {
            accept: 'application/json',
            ...(sent === ''
              ? {}
              : { 'content-type': contentType, 'content-length': Buffer.byteLength(sent) }),
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () => {
            const status = response.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(text);
            else reject(new ApiError(status, `${method} ${path}: ${status} ${messageOf(text)}`));
          });
        },
      );
      call.on('error', reject).end(sent);
    });
  }
}

/** A watch that runs until it is disposed of. */
export interface Watch extends Disposable {
  readonly failed: Promise<never>;
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { readonly message?: string }).message ?? text;
  } catch {
    return text;
  }
}
