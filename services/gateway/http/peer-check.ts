import { constants } from 'node:crypto';
import type { ServerOptions, Server as HttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Identity, IdentityMaterial } from '@meridian/kit/tls/identity.ts';
import { spiffeIdOf } from '@meridian/kit/tls/spiffe.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';

/**
 * TLS settings of the gateway's server: TLS 1.3 only, every client shows a certificate of our root.
 * Without session tickets each connection is verified for itself, so that an expired or replaced client
 * certificate cannot come back by resumption.
 */
export function tlsOptions(material: IdentityMaterial): ServerOptions {
  return {
    ...material.options,
    minVersion: 'TLSv1.3',
    requestCert: true,
    rejectUnauthorized: true,
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/** What the peer check needs. */
export interface PeerCheck {
  readonly identity: Identity;
  /** SPIFFE IDs of the clients that are served: the edge's, and nobody else's. */
  readonly allowedPeers: readonly string[];
  readonly log: Logger;
}

/**
 * Refuses every connection whose certificate is not an allowed peer's, and takes renewed certificates
 * into use. As with Cloudflare's authenticated origin pulls, the refusal is at the connection: who
 * is not the edge learns nothing about what is served.
 */
export function checkPeers(server: HttpsServer, check: PeerCheck): void {
  const { identity, log } = check;
  const allowed = new Set(check.allowedPeers);
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const peer = spiffeIdOf(socket.getPeerCertificate());
    if (peer !== undefined && allowed.has(peer)) return;
    log.warn(
      { peer: peer ?? 'none', remote: socket.remoteAddress },
      'connection refused: not the edge',
    );
    socket.destroy();
  });
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    log.info({ reason: error.message, remote: socket.remoteAddress }, 'TLS handshake failed');
  });
  identity.listen({
    renewed: (material) => server.setSecureContext(tlsOptions(material)),
  });
}
