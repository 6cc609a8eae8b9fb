import { codeOf, messageOf } from '@meridian/language/thrown.ts';
import { Pool } from 'undici';

/** What is asked of the edge. */
export interface EdgeRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** @default DEFAULT_TIMEOUT_MS */
  readonly timeoutMs?: number;
}

/** What came of it: an answer, or no answer of which anything is known. */
export type EdgeAnswer =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      /** Parsed JSON; undefined where there is no body. */
      readonly body: unknown;
    }
  | { readonly status: undefined; readonly broken: string };

const DEFAULT_TIMEOUT_MS = 10_000;

/** Where requests go. */
export type Edge = Pick<EdgeClient, 'ask'>;

/** The public API as a browser or an app calls it. */
export class EdgeClient implements AsyncDisposable {
  readonly #pool: Pool;

  /** @param ca the platform's root certificate in PEM, or all that are trusted */
  constructor(options: {
    readonly origin: string;
    readonly ca: string | string[];
    readonly connections: number;
    /** A longer answer is a broken one. @default whatever comes */
    readonly answerBytesMax?: number;
  }) {
    const { origin, ca, connections, answerBytesMax: maxResponseSize = -1 } = options;
    const pooled = { connections, pipelining: 1, connect: { ca }, maxResponseSize };
    this.#pool = new Pool(origin, pooled);
  }

  /** Asks once; a connection that breaks is an outcome, not an exception. */
  async ask(request: EdgeRequest): Promise<EdgeAnswer> {
    const { method, path, token, headers = {}, body, timeoutMs = DEFAULT_TIMEOUT_MS } = request;
    try {
      const answer = await this.#pool.request({
        ...{ method, path },
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await answer.body.text();
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
    } catch (thrown) {
      const code = codeOf(thrown);
      return { status: undefined, broken: typeof code === 'string' ? code : messageOf(thrown) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }
}
