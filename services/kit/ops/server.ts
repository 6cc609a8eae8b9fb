import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListenAddress } from '@meridian/language/service-configuration.ts';
import { bindServer, closeServer } from './bind-server.ts';
import type { Readiness } from './readiness.ts';
import { expose } from '../telemetry/exposition.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';

/** The port for machines: health over plain HTTP, apart from the service's own port. */
export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts to serve /healthz and /readyz; throws a CodedError if it cannot.
 *
 * @param registry of what /metrics serves; undefined where metrics have a port of their own
 */
export async function startOpsServer(
  listen: ListenAddress,
  readiness: Readiness,
  registry: MetricsRegistry | undefined,
): Promise<OpsServer> {
  const server = createServer((request, response) => {
    answer(request, response, readiness, registry).catch((error: unknown) => {
      // A metric that cannot be collected must not take the probes with it.
      send(response, 500, 'text/plain', `${(error as Error).message}\n`);
    });
  });
  await bindServer(server, 'Ops server', listen);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closeServer(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  readiness: Readiness,
  registry: MetricsRegistry | undefined,
): Promise<void> {
  const { url } = request;
  if (url === '/healthz') {
    // Whether the process should be left alive; whether it should get traffic is /readyz.
    send(response, 200, 'application/json', '{"status":"ok"}\n');
    return;
  }
  if (url === '/readyz') {
    const { ready, status, checks } = await readiness.report();
    const body = { status, checks };
    send(response, ready ? 200 : 503, 'application/json', `${JSON.stringify(body)}\n`);
    return;
  }
  if (url === '/metrics' && registry !== undefined) {
    const { contentType, text } = await expose(registry, request.headers.accept);
    send(response, 200, contentType, text);
    return;
  }
  const paths = ['/healthz', '/readyz', ...(registry === undefined ? [] : ['/metrics'])];
  send(response, 404, 'text/plain', `there is ${paths.join(', ')}\n`);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
