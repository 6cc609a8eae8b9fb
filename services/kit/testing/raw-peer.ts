import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { TestWorld } from './world.ts';

/** A call at a peer, and the connection that it came by. */
export interface RawCall {
  readonly stream: ServerHttp2Stream;
  readonly socket: Socket;
  /** How many the peer has had, this one included. */
  readonly nth: number;
}

/** What a peer does with a call. */
export type Behaviour = (call: RawCall) => void;

/** A peer that speaks HTTP/2 as a test tells it to. */
export interface RawPeer {
  readonly port: number;
  /** Paths of the calls so far. */
  readonly calls: readonly string[];
  close(): void;
}

/** An empty message, framed. Source: gRPC over HTTP/2, "Length-Prefixed-Message". */
export const EMPTY_MESSAGE = Buffer.alloc(5);

/** The head of every answer. */
export const HEAD = { ':status': 200, 'content-type': 'application/grpc' } as const;

/** Answers with an empty message. */
export const answer: Behaviour = ({ stream }) => {
  stream.respond(HEAD, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(EMPTY_MESSAGE);
};

/** Dies once the answer has begun, as a process killed between its message and its trailers does. */
export const dieInTheAnswer: Behaviour = ({ stream, socket }) => {
  stream.respond(HEAD);
  stream.write(EMPTY_MESSAGE, () => socket.destroySoon());
};

/** Starts a bare HTTP/2 peer with a certificate of the test service. */
export async function startRawPeer(world: TestWorld, behaves: Behaviour): Promise<RawPeer> {
  const tls = join(await world.prepare('echo'), 'tls');
  const pem = (name: string): Buffer => readFileSync(join(tls, name));
  const server = createSecureServer({ cert: pem('tls.crt'), key: pem('tls.key') });
  const calls: string[] = [];
  const sockets = new Set<Socket>();
  server.on('sessionError', () => undefined);
  // Before the server's own listener, which makes a session of it.
  server.prependListener('secureConnection', (socket: Socket) => {
    sockets.add(socket);
    server.once('session', (session) => {
      session.on('error', () => undefined);
      session.on('stream', (stream, headers) => {
        stream.on('error', () => undefined);
        calls.push(headers[':path'] ?? '');
        behaves({ stream, socket, nth: calls.length });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
