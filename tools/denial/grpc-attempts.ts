import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { Attempt, Outcome, Principal, TlsMaterial } from './attempt.ts';
import { outcomeOfTlsError } from './tls-refusal.ts';

/** An empty message, framed. Source: gRPC over HTTP/2, "Length-Prefixed-Message". */
const EMPTY_MESSAGE = Buffer.alloc(5);

/** Status codes of gRPC as they are on the wire. */
const STATUS = { permissionDenied: '7', unavailable: '14', unauthenticated: '16' } as const;

const TIMEOUT_MS = 10_000;

/** What the kit says to a certificate that is for an engine and not for a peer. */
const NO_SPIFFE_ID = 'certificate has no SPIFFE ID';

/**
 * Every principal against every method of every service. Messages are empty and carry no signed
 * context, so what is admitted still changes nothing: it is refused a step later, for its content.
 */
export function grpcAttempts(
  graph: PlatformGraph,
  principals: readonly Principal[],
  addressOf: (service: string) => string,
): readonly Attempt[] {
  return graph.services.flatMap((service) =>
    service.methods.flatMap((method) =>
      principals.map((principal): Attempt => ({
        engine: 'grpc',
        caller: principal.name,
        object: service.name,
        action: method.name,
        declared: graph.allow[service.name]?.[method.path]?.includes(principal.name) === true,
        carryOut: () => call(addressOf(service.name), method.path, principal.tls),
      })),
    ),
  );
}

async function call(address: string, path: string, tls: TlsMaterial): Promise<Outcome> {
  const session = connect(`https://${address}`, { ...tls, checkServerIdentity: () => undefined });
  try {
    return await answerOf(session, path);
  } catch (error) {
    return outcomeOfTlsError(error);
  } finally {
    session.destroy();
  }
}

async function answerOf(session: ClientHttp2Session, path: string): Promise<Outcome> {
  return await new Promise((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.setTimeout(TIMEOUT_MS, () => reject(new Error(`no answer in ${TIMEOUT_MS} ms`)));
    stream.on('error', reject);
    const read = (headers: IncomingHttpHeaders): void => {
      if (headers['grpc-status'] !== undefined) resolve(outcomeOfStatus(headers));
    };
    stream.on('response', read);
    stream.on('trailers', read);
    // In TLS 1.3 a client has shaken hands before the server has looked at its certificate.
    stream.on('close', () => {
      const detail = 'the connection was closed without an answer';
      resolve({ verdict: session.connecting ? 'unclear' : 'refused', detail });
    });
    stream.resume();
    stream.end(EMPTY_MESSAGE);
  });
}

function outcomeOfStatus(headers: IncomingHttpHeaders): Outcome {
  const status = String(headers['grpc-status']);
  const message = decodeURIComponent(String(headers['grpc-message'] ?? ''));
  const detail = `grpc-status ${status} ${message}`.trim();
  if (status === STATUS.unavailable) return { verdict: 'unclear', detail };
  const refused =
    status === STATUS.permissionDenied ||
    (status === STATUS.unauthenticated && message.includes(NO_SPIFFE_ID));
  return { verdict: refused ? 'refused' : 'admitted', detail };
}
