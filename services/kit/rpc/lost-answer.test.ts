import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { Http2SecureServer, ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { ECHO, TestWorld } from '../testing/world.ts';

const { echo, once } = EchoService.method;

/** An empty message, framed. Source: gRPC over HTTP/2, "Length-Prefixed-Message". */
const EMPTY_MESSAGE = Buffer.alloc(5);

/** What a peer does with a call, given how many it has had. */
type Behaviour = (stream: ServerHttp2Stream, nth: number) => void;

const answer: Behaviour = (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(EMPTY_MESSAGE);
};

/** Dies once the answer has begun, as a process killed between its message and its trailers does. */
const dieInTheAnswer: Behaviour = (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
  stream.write(EMPTY_MESSAGE, () => stream.session?.socket.destroySoon());
};

describe('an answer that breaks off', () => {
  let world: TestWorld;
  let server: Http2SecureServer;
  let calls: string[];

  beforeEach(async () => {
    world = await TestWorld.create();
    calls = [];
  });
  afterEach(async () => {
    server.close();
    await world.close();
  });

  /** A bare HTTP/2 peer with a certificate of the service; resolves to a client of it. */
  async function peerThat(behaves: Behaviour) {
    const tls = join(await world.prepare('echo'), 'tls');
    const pem = (name: string): Buffer => readFileSync(join(tls, name));
    server = createSecureServer({ cert: pem('tls.crt'), key: pem('tls.key') });
    server.on('sessionError', () => undefined);
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      calls.push(headers[':path'] ?? '');
      behaves(stream, calls.length);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (await world.client([(server.address() as AddressInfo).port])).client;
  }

  test('costs no idempotent call, though gRPC itself counts it as committed', async () => {
    const client = await peerThat((stream, nth) =>
      (nth === 1 ? dieInTheAnswer : answer)(stream, nth),
    );
    await expect(client.unary(echo, {})).resolves.toMatchObject({ text: '' });
    expect(calls).toEqual([`${ECHO}/Echo`, `${ECHO}/Echo`]);
  });

  test('is asked for again once, not for ever', async () => {
    const client = await peerThat(dieInTheAnswer);
    await expect(client.unary(echo, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(calls).toHaveLength(2);
  });

  test('is not asked for again when that might do it twice', async () => {
    const client = await peerThat(dieInTheAnswer);
    await expect(client.unary(once, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(calls).toHaveLength(1);
  });

  test('is not asked for again by a caller who has left', async () => {
    const left = new AbortController();
    const client = await peerThat((stream, nth) => {
      dieInTheAnswer(stream, nth);
      left.abort();
    });
    await expect(client.unary(echo, {}, { signal: left.signal })).rejects.toMatchObject({
      status: 'CANCELLED',
    });
    expect(calls).toHaveLength(1);
  });
});
