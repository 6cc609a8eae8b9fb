import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { Access, Refused } from './access.ts';
import { PAGE } from './assets.ts';
import type { Asset } from './assets.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { LiveView } from './live-views.ts';
import { answer, BadQuestion } from './routes.ts';
import type { Views } from './routes.ts';
import { StoreAway } from './sources.ts';

/** What a console is made of. */
export interface ConsoleProps {
  readonly listen: { readonly address: string; readonly port: number };
  readonly token: string;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly views: Views;
  /** How often an open page gets the platform's state. */
  readonly liveEveryMs: number;
  /** Told of what is a bug. */
  readonly failed: (error: unknown) => void;
}

/** Longer than any token. */
const BODY_BYTES_MAX = 200;

/** Below it, compressing takes more time than sending. */
const GZIP_FROM_BYTES = 1_000;

/** Serves the page and what it asks for, to whoever has the token. */
export class ConsoleServer {
  readonly #props: ConsoleProps;
  readonly #access: Access;
  readonly #live: LiveView;
  readonly #server: Server;

  constructor(props: ConsoleProps) {
    this.#props = props;
    this.#access = new Access(props.listen, props.token);
    this.#live = new LiveView('platform', props.views.platform, props.liveEveryMs);
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.headersTimeout = 10_000;
    this.#server.requestTimeout = 20_000;
  }

  async listen(): Promise<void> {
    const { address, port } = this.#props.listen;
    this.#server.listen(port, address);
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#live.close();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    try {
      await this.#route(request, response);
    } catch (error) {
      this.#refuse(response, error);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, method = '' } = request;
    this.#access.checkSender(headers);
    const url = new URL(request.url ?? '/', 'http://console');
    if (url.pathname === '/health') {
      response.end('ready\n');
    } else if (url.pathname === '/api/session' && method === 'POST') {
      const cookie = this.#access.signIn(await bodyOf(request), headers);
      response.writeHead(204, { 'set-cookie': cookie }).end();
    } else if (method !== 'GET' && method !== 'HEAD') {
      throw new BadQuestion(404, `Nothing answers ${method}`);
    } else if (!url.pathname.startsWith('/api/')) {
      this.#sendAsset(request, response, url.pathname.slice(1));
    } else {
      this.#access.checkSession(headers);
      if (url.pathname === '/api/live') this.#live.add(response);
      else sendJson(request, response, 200, await answer(this.#props.views, url));
    }
  }

  /** Whatever is not a file is a view, which the page shows by its address. */
  #sendAsset({ headers }: IncomingMessage, response: ServerResponse, name: string): void {
    const asset = this.#props.assets.get(name) ?? this.#props.assets.get(PAGE);
    if (asset === undefined) throw new BadQuestion(404, 'The page is not built');
    const { type, etag, body, gzipped } = asset;
    const fields = {
      'content-type': type,
      etag,
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
    };
    if (headers['if-none-match'] === etag) {
      response.writeHead(304, fields).end();
      return;
    }
    const isGzipped = takesGzip(headers['accept-encoding']);
    const encoding = isGzipped ? { 'content-encoding': 'gzip' } : {};
    response.writeHead(200, { ...fields, ...encoding }).end(isGzipped ? gzipped : body);
  }

  #refuse(response: ServerResponse, error: unknown): void {
    const isTold = error instanceof Refused || error instanceof BadQuestion;
    const status = isTold ? error.status : error instanceof StoreAway ? 503 : 500;
    if (status === 500) this.#props.failed(error);
    const message = isTold || error instanceof StoreAway ? error.message : 'The console failed';
    if (response.headersSent) response.destroy();
    else sendJson(undefined, response, status, { message });
  }
}

function sendJson(
  request: IncomingMessage | undefined,
  response: ServerResponse,
  status: number,
  value: unknown,
): void {
  const body = Buffer.from(JSON.stringify(value));
  const isGzipped = body.length > GZIP_FROM_BYTES && takesGzip(request?.headers['accept-encoding']);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(isGzipped ? gzipSync(body, { level: 4 }) : body);
}

function takesGzip(given: string | readonly string[] | undefined): boolean {
  return String(given ?? '').includes('gzip');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (!(length <= BODY_BYTES_MAX)) {
    throw new BadQuestion(400, `A body must be at most ${BODY_BYTES_MAX} bytes, with its length`);
  }
  return await text(request);
}
