import type { ServerUnaryCall } from '@grpc/grpc-js';
import { spiffeIdOf } from '../tls/spiffe.ts';

/** What every kind of call of grpc-js can tell of its peer. */
type PeerOf = Pick<ServerUnaryCall<unknown, unknown>, 'getAuthContext'>;

/** The HTTP/2 session of a call, at the place where grpc-js 1.14 keeps it. */
interface WithSession {
  readonly call?: { readonly stream?: { readonly session?: object } };
}

const known = new WeakMap<object, string>();

/**
 * The SPIFFE ID in the certificate that a caller connected with, or undefined if it has none. Parsing
 * a certificate takes a tenth of a millisecond, so it is done once for each connection, on which the
 * certificate cannot change: TLS 1.3 has no renegotiation. Should grpc-js keep the session elsewhere
 * one day, it is done for each call.
 */
export function peerIdentity(call: PeerOf): string | undefined {
  const session = (call as WithSession).call?.stream?.session;
  const cached = session === undefined ? undefined : known.get(session);
  if (cached !== undefined) return cached;
  const { sslPeerCertificate } = call.getAuthContext();
  const identity = sslPeerCertificate === undefined ? undefined : spiffeIdOf(sslPeerCertificate);
  if (session !== undefined && identity !== undefined) known.set(session, identity);
  return identity;
}
