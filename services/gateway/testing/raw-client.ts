import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

/** An answer as it came over the wire. */
export interface RawResponse {
  readonly status: number;
  /** Names in lower case; of several of one name the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A connection that answers nothing is given up on after this. */
const TIMEOUT_MS = 10_000;

/**
 * Sends bytes as they are, so that tests can say what no HTTP client would, and reads the answer up
 * to the end of the connection; rejects if the connection fails or ends without an answer.
 */
export function sendRaw(
  options: ConnectionOptions,
  parts: readonly (string | Buffer)[],
): Promise<RawResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<RawResponse>();
  const chunks: Buffer[] = [];
  const socket = connect({ checkServerIdentity: () => undefined, ...options }, () => {
    for (const part of parts) socket.write(part);
  });
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // What was answered before a reset counts.
  socket.on('error', (error) => (chunks.length === 0 ? reject(error) : undefined));
  socket.on('close', () => {
    if (chunks.length === 0) reject(new Error('the connection was closed without an answer'));
    else resolve(parse(Buffer.concat(chunks).toString('utf8')));
  });
  return promise;
}

/** A whole request as text, for a connection that ends with the answer. */
export function compose(
  verb: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const all = { host: 'localhost', connection: 'close', ...length, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${verb} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

function parse(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) };
}
