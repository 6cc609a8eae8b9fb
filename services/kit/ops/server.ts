import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { ListenAddress } from '@meridian/language/service-configuration.ts';
import { cannotListen } from '../cannot-listen.ts';
import type { Readiness } from './readiness.ts';

/** The port for machines: health and metrics over plain HTTP, apart from the service's own port. */
export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts to serve /healthz, /readyz and /metrics; throws a CodedError if it cannot. */
export async function startOpsServer(
  listen: ListenAddress,
  readiness: Readiness,
  registry: Registry,
): Promise<OpsServer> {
  const server = createServer((request, response) => {
    answer(request, response, readiness, registry).catch((error: unknown) => {
      // A metric that cannot be collected must not take the probes with it.
      send(response, 500, 'text/plain', `${(error as Error).message}\n`);
    });
  });
  await bind(server, listen);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bind(server: Server, listen: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen('Ops server', listen, cause)));
    server.listen(listen.port, listen.address, resolve);
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  readiness: Readiness,
  registry: Registry,
): Promise<void> {
  switch (request.url) {
    case '/healthz':
      // Whether the process should be left alive; whether it should get traffic is /readyz.
      send(response, 200, 'application/json', '{"status":"ok"}\n');
      return;
    case '/readyz': {
      const { ready, status, checks } = await readiness.report();
      const body = { status, checks };
      send(response, ready ? 200 : 503, 'application/json', `${JSON.stringify(body)}\n`);
      return;
    }
    case '/metrics':
      send(response, 200, registry.contentType, await registry.metrics());
      return;
    default:
      send(response, 404, 'text/plain', 'there are /healthz, /readyz and /metrics\n');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
