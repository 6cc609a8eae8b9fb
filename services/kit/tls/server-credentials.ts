import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { ServerCredentials } from '@grpc/grpc-js';
import type { Identity, IdentityMaterial } from './identity.ts';

/**
 * Server side of mutual TLS for grpc-js: every client must show a certificate of our root, at TLS
 * 1.3 or newer. Unlike grpc-js's file watcher, the certificate is there before the port is bound, so
 * no early connection is dropped.
 */
export class IdentityServerCredentials extends ServerCredentials {
  readonly #identity: Identity;

  constructor(identity: Identity) {
    super({ requestCert: true, rejectUnauthorized: true }, withoutTickets(identity.current));
    this.#identity = identity;
    identity.listen({
      renewed: (material) => this.updateSecureContextOptions(withoutTickets(material)),
    });
  }

  _equals(other: ServerCredentials): boolean {
    return other instanceof IdentityServerCredentials && other.#identity === this.#identity;
  }
}

/** Without session tickets each connection is verified for itself: no expired client comes back by one. */
function withoutTickets({ options }: IdentityMaterial): SecureContextOptions {
  return { ...options, secureOptions: constants.SSL_OP_NO_TICKET };
}
