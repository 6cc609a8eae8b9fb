import { CodedError } from '@meridian/language/coded-error.ts';
import { codeOf, messageOf } from '@meridian/language/thrown.ts';
import { Pool } from 'undici';
import type { z } from 'zod';

/** A store of telemetry, by the engine that is it on this machine. */
export type StoreName = 'prometheus' | 'alertmanager' | 'victorialogs' | 'jaeger';

/** Where a store is reached, and as whom. */
export interface StoreAddress {
  readonly store: StoreName;
  /** Such as https://127.0.8.3:17019. */
  readonly origin: string;
  /** Certificates in PEM; absent where a store is asked without (tests). */
  readonly tls?: StoreTls;
  readonly authorization?: string;
}

/** How a store and who asks it know each other. */
export interface StoreTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** The DNS name in the store's certificate. */
  readonly servername: string;
}

/** What is asked, each value as it is: it is quoted here. */
export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Stores answer from memory and disk of this machine. */
const TIMEOUT_MS = 20_000;

/** A longer answer is not read: it would not be looked at either. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** A connection to one store over its HTTP API, by mutual TLS. */
export class StoreConnection implements AsyncDisposable {
  readonly #address: StoreAddress;
  readonly #pool: Pool;

  constructor(address: StoreAddress) {
    this.#address = address;
    const { tls } = address;
    this.#pool = new Pool(address.origin, {
      connections: 4,
      pipelining: 1,
      // Over HTTP/2 Jaeger 1.76 ends some streams without an answer (seen with traces that have links).
      allowH2: false,
      maxResponseSize: ANSWER_BYTES_MAX,
      ...(tls === undefined ? {} : { connect: { ...tls, minVersion: 'TLSv1.3' } }),
    });
  }

  /**
   * Asks for JSON of this shape; undefined where the store says that it has not got it (404).
   *
   * @throws {CodedError} TELEMETRY_UNREACHABLE, TELEMETRY_REFUSED
   */
  async json<Answer>(
    path: string,
    parameters: Parameters,
    schema: z.ZodType<Answer>,
  ): Promise<Answer | undefined> {
    const text = await this.text(path, parameters);
    return text === undefined ? undefined : this.#parsed(path, text, schema);
  }

  /** Asks for text, as `json`. */
  async text(path: string, parameters: Parameters): Promise<string | undefined> {
    const { status, text } = await this.#ask(`${path}?${encoded(parameters)}`);
    if (status === 404) return undefined;
    if (status >= 200 && status < 300) return text;
    throw this.#refused(path, `status ${status}: ${text.slice(0, 300)}`);
  }

  async #ask(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const { authorization } = this.#address;
    try {
      const { statusCode, body } = await this.#pool.request({
        method: 'GET',
        path,
        headers: authorization === undefined ? {} : { authorization },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: statusCode, text: await body.text() };
    } catch (cause) {
      throw this.#unreachable(cause);
    }
  }

  #parsed<Answer>(path: string, text: string, schema: z.ZodType<Answer>): Answer {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.#refused(path, 'something that is not JSON');
    }
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const { path: where = [], message = '' } = read.error.issues[0] ?? {};
    throw this.#refused(path, `${where.join('.')}: ${message}`);
  }

  #refused(path: string, got: string): CodedError {
    const { store } = this.#address;
    return new CodedError(
      'TELEMETRY_REFUSED',
      `Store '${store}': must answer ${path} as its API says, got ${got}; 'npm run logs -- ${store}' tells what it said`,
    );
  }

  #unreachable(cause: unknown): CodedError {
    const { store, origin } = this.#address;
    const code = codeOf(cause);
    const reason = typeof code === 'string' ? code : messageOf(cause);
    return new CodedError(
      'TELEMETRY_UNREACHABLE',
      `Store '${store}': must answer at ${origin}, got ${reason}; see 'npm run status' and 'npm run logs -- ${store}'`,
      { cause },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
  }
}

function encoded(parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined
      ? []
      : (typeof value === 'string' ? [value] : value).map((each): [string, string] => [name, each]),
  );
  return new URLSearchParams(pairs).toString();
}
