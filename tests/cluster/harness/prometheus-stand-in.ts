import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LOOPBACK } from './loopback.ts';

/**
 * Stands in for Prometheus, which pods without processes give nothing to scrape: it answers instant
 * queries with what the test says, in Prometheus' own protocol.
 *
 * Controllers reach it at the address that the charts name, since it is their HTTP proxy.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 */
export class PrometheusStandIn implements AsyncDisposable {
  /** URLs that were asked, without the query. */
  readonly asked = new Set<string>();
  /** The value of a query; undefined for an empty vector, as of series that nobody has written. */
  answer: (query: string) => number | undefined = () => undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#respond(request).then((body) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(body));
      });
    });
  }

  static async start(): Promise<PrometheusStandIn> {
    const standIn = new PrometheusStandIn();
    standIn.#server.listen(0, LOOPBACK);
    await once(standIn.#server, 'listening');
    return standIn;
  }

  /** What sends the plain HTTP of a controller here; loopback is never sent to a proxy. */
  get environment(): Readonly<Record<string, string>> {
    const { port } = this.#server.address() as AddressInfo;
    return { HTTP_PROXY: `http://${LOOPBACK}:${port}` };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #respond(request: IncomingMessage): Promise<unknown> {
    // To a proxy, the request line has the whole URL (RFC 9112 §3.2.2).
    const url = new URL(request.url ?? '');
    const form = new URLSearchParams(await text(request));
    const query = url.searchParams.get('query') ?? form.get('query') ?? '';
    this.asked.add(`${url.origin}${url.pathname}`);
    const value = this.answer(query);
    const now = Date.now() / 1_000;
    const result = value === undefined ? [] : [{ metric: {}, value: [now, String(value)] }];
    return { status: 'success', data: { resultType: 'vector', result } };
  }
}
