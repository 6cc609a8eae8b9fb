import { constants } from 'node:crypto';
import { createServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { resolve } from 'node:path';
import type { MetricsAddress } from '@meridian/language/service-configuration.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { Identity } from '../tls/identity.ts';
import { observeIdentity } from '../tls/observe-identity.ts';
import { spiffeIdOf } from '../tls/spiffe.ts';
import { bindServer, closeServer } from './bind-server.ts';
import { expose } from '../telemetry/exposition.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';

/** A scrape is one request; whoever sends nothing is not waited for. */
const REQUEST_TIMEOUT_MS = 10_000;

/** What metrics are served from. */
export interface MetricsServerParts {
  /** The process's own: its trust root tells which clients there are. */
  readonly identity: Identity;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly workingFolder: string;
}

/** The port that the collector scrapes. */
export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves /metrics over mutual TLS 1.3 to one SPIFFE ID. A client without a good certificate below the process's
 * trust root is refused in the handshake, one with the certificate of somebody else by 403. Each connection
 * is for one request, so that every scrape shows its certificate, and both sides' are the newest.
 *
 * @throws {CodedError} KIT_CERTIFICATE, KIT_ADDRESS_IN_USE
 */
export async function startMetricsServer(
  settings: MetricsAddress,
  { identity, metrics, log, workingFolder }: MetricsServerParts,
): Promise<MetricsServer> {
  const shown = Identity.open(resolve(workingFolder, settings.identityFolder));
  observeIdentity(shown, settings.identityFolder, { log, metrics });
  const peers = new WeakMap<object, string | undefined>();
  const server = createServer(tlsOptions(shown, identity), (request, response) => {
    const peer = peers.get(request.socket);
    if (peer !== settings.scraper) {
      log.warn({ peer: peer ?? 'none' }, 'metrics refused: not the collector');
      send(response, 403, 'text/plain', `metrics are for ${settings.scraper} alone\n`);
      return;
    }
    answer(request, response, metrics.registry).catch((error: unknown) => {
      send(response, 500, 'text/plain', `${(error as Error).message}\n`);
    });
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    peers.set(socket, spiffeIdOf(socket.getPeerCertificate()));
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.on('tlsClientError', (error: Error) => {
    log.info({ reason: error.message }, 'TLS handshake for metrics failed');
  });
  const renewed = (): void => server.setSecureContext(tlsOptions(shown, identity));
  const undo = [shown, identity].map((each) => each.listen({ renewed }));
  try {
    await bindServer(server, 'Metrics server', settings);
  } catch (error) {
    shown.close();
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const each of undo) each();
      await closeServer(server);
      shown.close();
    },
  };
}

/** Shows one certificate, and holds clients against the trust root of another. */
function tlsOptions(shown: Identity, clients: Identity): ServerOptions {
  return {
    ...shown.current.options,
    ca: clients.current.options.ca,
    requestCert: true,
    rejectUnauthorized: true,
    // No expired client comes back by a ticket.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  registry: MetricsRegistry,
): Promise<void> {
  if (request.method !== 'GET' || request.url !== '/metrics') {
    send(response, 404, 'text/plain', 'there is GET /metrics\n');
    return;
  }
  const { contentType, text } = await expose(registry, request.headers.accept);
  send(response, 200, contentType, text);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const headers = { 'content-type': type, 'cache-control': 'no-store', connection: 'close' };
  response.writeHead(status, headers).end(body);
}
