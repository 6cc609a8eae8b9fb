import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { spiffe } from '@meridian/kit/testing/world.ts';
import type { TestAuthority } from '@meridian/kit/testing/authority.ts';

/** What a stand-in does with a request. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** What the edge takes for a gateway, to fail in ways that a real one fails in only by chance. */
export class GatewayStandIn implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  /** Verb and path of each request that arrived, health checks left out. */
  readonly requests: string[] = [];
  serve: Serve = (_request, response) => response.end('{}');

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.url === '/readyz') {
        response.end('{"status":"ready"}');
        return;
      }
      this.requests.push(`${request.method} ${request.url}`);
      this.serve(request, response);
    });
  }

  static async start(authority: TestAuthority): Promise<GatewayStandIn> {
    const issued = await authority.issue({ uris: [spiffe('gateway')] });
    const server = createServer({
      ...issued,
      minVersion: 'TLSv1.3',
      requestCert: true,
      rejectUnauthorized: true,
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new GatewayStandIn(server);
  }

  get upstream(): { readonly address: string; readonly port: number } {
    return { address: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  /** As a killed process leaves its connections: reset, and refused from now on. */
  die(): void {
    this.#server.close();
    for (const socket of this.#sockets) {
      if (socket instanceof Socket) socket.resetAndDestroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.die();
    if (this.#server.listening) await once(this.#server, 'close');
  }
}
