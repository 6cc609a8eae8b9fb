import { connect } from 'node:tls';
import type { Socket } from 'node:net';
import { CallCredentials, ChannelCredentials } from '@grpc/grpc-js';
import type { experimental } from '@grpc/grpc-js';
import type { Identity } from './identity.ts';
import { checkSpiffeId } from './spiffe.ts';

/** A peer that accepts a connection but does not shake hands in this time is given up on. */
export const HANDSHAKE_TIMEOUT_MS = 5_000;

/**
 * Client side of mutual TLS for grpc-js: shows our newest certificate and accepts only the peer with
 * the expected SPIFFE ID, at TLS 1.3 or newer.
 */
export class IdentityChannelCredentials extends ChannelCredentials {
  readonly #identity: Identity;
  readonly #spiffeId: string;
  readonly #checkServerIdentity: ReturnType<typeof checkSpiffeId>;

  constructor(identity: Identity, spiffeId: string) {
    super();
    this.#identity = identity;
    this.#spiffeId = spiffeId;
    this.#checkServerIdentity = checkSpiffeId(spiffeId);
  }

  _isSecure(): boolean {
    return true;
  }

  _equals(other: ChannelCredentials): boolean {
    return (
      other instanceof IdentityChannelCredentials &&
      other.#identity === this.#identity &&
      other.#spiffeId === this.#spiffeId
    );
  }

  _createSecureConnector(
    _target: unknown,
    _options: unknown,
    callCredentials?: CallCredentials,
  ): experimental.SecureConnector {
    const perCall = callCredentials ?? CallCredentials.createEmpty();
    return {
      connect: (socket) => this.#handshake(socket),
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => perCall,
      destroy: () => undefined,
    };
  }

  #handshake(socket: Socket): Promise<experimental.SecureConnectResult> {
    const { promise, resolve, reject } = Promise.withResolvers<experimental.SecureConnectResult>();
    const secured = connect({
      socket,
      secureContext: this.#identity.current.context,
      ALPNProtocols: ['h2'],
      checkServerIdentity: this.#checkServerIdentity,
    });
    const timer = setTimeout(() => {
      secured.destroy(new Error(`no TLS handshake within ${HANDSHAKE_TIMEOUT_MS} ms`));
    }, HANDSHAKE_TIMEOUT_MS);
    const failed = (error?: Error): void => {
      clearTimeout(timer);
      reject(error ?? new Error('the peer closed the connection during the TLS handshake'));
    };
    const closed = (): void => failed();
    secured.once('error', failed);
    secured.once('close', closed);
    secured.once('secureConnect', () => {
      clearTimeout(timer);
      secured.off('error', failed);
      secured.off('close', closed);
      resolve({ socket: secured, secure: true });
    });
    return promise;
  }
}
