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
    principals.flatMap((principal) => {
      const line = new Line(addressOf(service.name), principal.tls, service.methods.length);
      return service.methods.map((method): Attempt => ({
        engine: 'grpc',
        caller: principal.name,
        object: service.name,
        action: method.name,
        declared: graph.allow[service.name]?.[method.path]?.includes(principal.name) === true,
        carryOut: () => line.call(method.path),
      }));
    }),
  );
}

/** The calls of a principal to a service, over one connection as long as the server keeps it. */
class Line {
  readonly #address: string;
  readonly #tls: TlsMaterial;
  #callsLeft: number;
  #session: ClientHttp2Session | undefined;

  constructor(address: string, tls: TlsMaterial, calls: number) {
    this.#address = address;
    this.#tls = tls;
    this.#callsLeft = calls;
  }

  async call(path: string): Promise<Outcome> {
    try {
      return await answerOf(this.#opened(), path);
    } catch (error) {
      return outcomeOfTlsError(error);
    } finally {
      this.#callsLeft -= 1;
      if (this.#callsLeft === 0) this.#session?.destroy();
    }
  }

  #opened(): ClientHttp2Session {
    if (this.#session?.closed === false && !this.#session.destroyed) return this.#session;
    const options = { ...this.#tls, checkServerIdentity: () => undefined };
    this.#session = connect(`https://${this.#address}`, options);
    // As many as calls that wait.
    this.#session.setMaxListeners(0);
    return this.#session;
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
