import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';

/** What the console answered. */
export interface ConsoleAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The console, asked as a browser asks it that was given the address with the token. */
export class ConsoleClient {
  readonly origin: string;
  readonly #token: string;
  #cookie = '';

  /** @param address as `npm start` prints it */
  constructor(address: string) {
    const { origin, hash } = new URL(address);
    this.origin = origin;
    this.#token = hash.replace(/^#token=/, '');
  }

  /** Exchanges a token for a cookie. @param token @default that of the address */
  async signIn(token = this.#token): Promise<ConsoleAnswer> {
    const answer = await this.#send('POST', '/api/session', { origin: this.origin }, token);
    this.#cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    return answer;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<ConsoleAnswer> {
    return await this.#send('GET', path, { cookie: this.#cookie, ...headers });
  }

  /** What a view is made of. Throws Error if it is refused. */
  async view<View>(path: string): Promise<View> {
    const { status, body } = await this.get(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    return JSON.parse(body) as View;
  }

  async #send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body = '',
  ): Promise<ConsoleAnswer> {
    const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(
        new URL(path, this.origin),
        { method, headers: { ...headers, ...length }, agent: false, timeout: 20_000 },
        resolve,
      )
        .on('error', reject)
        .end(body);
    });
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await text(response),
    };
  }
}
