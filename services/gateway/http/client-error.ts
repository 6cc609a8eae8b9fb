import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import type { ProblemName } from '../problem/catalogue.ts';
import { HttpProblem, problemBody, problemHeaders } from '../problem/http-problem.ts';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/**
 * Answers what Node.js's HTTP parser refuses before there is a request: with problem details like any
 * other error, unless a response is already under way on the connection, where more bytes would be
 * taken for part of it.
 */
export class ClientErrors {
  readonly #responses = new WeakMap<Duplex, Set<ServerResponse>>();

  /** Starts to watch a server's responses; call before it listens. */
  watch(server: Server): void {
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      const open = this.#responses.get(request.socket) ?? new Set();
      this.#responses.set(request.socket, open.add(response));
      response.once('close', () => open.delete(response));
    });
    // Without listeners Node.js drops a CONNECT, and answers an unknown Expect with an empty 417.
    server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
      const detail = 'The gateway is not a proxy: CONNECT is not served.';
      writeProblem(
        socket,
        new HttpProblem('method-not-allowed', { detail, headers: { allow: '' } }),
      );
    });
  }

  /** Listener for the server's clientError event. */
  readonly answer = (error: NodeJS.ErrnoException, socket: Duplex): void => {
    const open = [...(this.#responses.get(socket) ?? [])];
    const clean = open.length === 0 || (open.length === 1 && open[0]?.headersSent === false);
    if (!socket.writable || error.code === 'ECONNRESET' || !clean) {
      socket.destroy();
      return;
    }
    writeProblem(socket, problemFromParser(error));
  };
}

const BY_PARSER_CODE: Readonly<Record<string, readonly [ProblemName, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The request line and headers are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['content-too-large', 'The chunk extensions are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The request did not arrive in time.'],
};

/** A request line in form (RFC 9112, 3): only its method can be what the parser refused. */
const REQUEST_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP\/1\.[01]\r?\n/;

/**
 * Whether a request is refused for its method alone, which is then unknown to this server (RFC 9110,
 * 15.6.2). Where the line came in pieces that cannot be told; it is malformed then.
 */
function hasUnknownMethod(error: NodeJS.ErrnoException): boolean {
  const { rawPacket, bytesParsed } = error as { rawPacket?: unknown; bytesParsed?: unknown };
  if (error.code !== 'HPE_INVALID_METHOD' || !Buffer.isBuffer(rawPacket)) return false;
  const text = rawPacket.toString('latin1');
  // What went before on the same connection may be in the same bytes.
  const failedAt = typeof bytesParsed === 'number' ? bytesParsed : 0;
  const start = failedAt === 0 ? 0 : text.lastIndexOf('\n', failedAt - 1) + 1;
  return REQUEST_LINE.test(text.slice(start));
}

function problemFromParser(error: NodeJS.ErrnoException): HttpProblem {
  if (hasUnknownMethod(error)) {
    const detail = 'No path has this method; /openapi.json lists those that there are.';
    return new HttpProblem('method-unknown', { detail, cause: error });
  }
  const [name, detail] = BY_PARSER_CODE[error.code ?? ''] ?? [
    'malformed-request',
    'The request could not be read as HTTP/1.1.',
  ];
  return new HttpProblem(name, { detail, cause: error });
}

function writeProblem(socket: Duplex, problem: HttpProblem): void {
  const requestId = requestIdOf(undefined);
  const body = problemBody(problem, requestId, '');
  const headers = {
    ...SECURITY_HEADERS,
    ...problemHeaders(problem),
    [REQUEST_ID_HEADER]: requestId,
    date: new Date().toUTCString(),
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`;
  // Destroyed once written: what else the client sends is not looked at.
  socket.end(`${[status, ...lines].join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
