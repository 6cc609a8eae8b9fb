import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServiceError } from '@grpc/grpc-js';
import { once as happens } from 'node:events';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { EMPTY_MESSAGE, HEAD, startRawPeer } from '../testing/raw-peer.ts';
import type { Behaviour, RawPeer } from '../testing/raw-peer.ts';
import type { RpcClient } from '../clients.ts';
import { TestWorld } from '../testing/world.ts';
import type { RpcError, StatusName } from './rpc-error.ts';
import { statusName } from './rpc-error.ts';

const { once } = EchoService.method;

/** Ends an answer with these trailers. */
const trailers =
  (given: Record<string, string>, message?: Buffer): Behaviour =>
  ({ stream }) => {
    stream.respond(HEAD, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers(given));
    stream.end(message);
  };
/** Answers with nothing but a head. */
const onlyHead =
  (given: Record<string, string | number>): Behaviour =>
  ({ stream }) =>
    stream.respond(given, { endStream: true });
const reset =
  (code: number): Behaviour =>
  ({ stream }) =>
    stream.close(code);
const tooLarge = Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 0]);
const notAMessage = Buffer.from([0, 0, 0, 0, 2, 0x0a, 0xff]);
const CUT_OFF = 'Received RST_STREAM with code 0 (Call ended without gRPC status)';

type Case = [name: string, peer: Behaviour, said: StatusName, details: string, meant: StatusName];

/** What the peer does, what grpc-js calls it, and what it is to a caller of ours. */
const MADE_UP: Case[] = [
  [
    'ends without trailers',
    ({ stream }) => (stream.respond(HEAD), stream.end()),
    'INTERNAL',
    CUT_OFF,
    'UNAVAILABLE',
  ],
  [
    'finds the stream too noisy',
    reset(11),
    'RESOURCE_EXHAUSTED',
    'Bandwidth exhausted or memory limit exceeded',
    'UNAVAILABLE',
  ],
  ...[0, 2, 4, 5, 10].map<Case>((code) => [
    `resets the stream with code ${code}`,
    reset(code),
    'INTERNAL',
    `Received RST_STREAM with code ${code}`,
    'UNAVAILABLE',
  ]),
  ['refuses the stream twice', reset(7), 'UNAVAILABLE', 'Stream refused by server', 'UNAVAILABLE'],
  ['cancels the stream', reset(8), 'CANCELLED', 'Call cancelled', 'UNAVAILABLE'],
  ...[1, 3, 6, 9, 13].map<Case>((code) => [
    `says that frames were wrong, by code ${code}`,
    reset(code),
    'INTERNAL',
    `Received RST_STREAM with code ${code}`,
    'INTERNAL',
  ]),
  ['finds TLS too weak', reset(12), 'PERMISSION_DENIED', 'Protocol not secure enough', 'INTERNAL'],
  [
    'has trailers without a status',
    trailers({ x: 'y' }),
    'UNKNOWN',
    'Received HTTP status code 200',
    'INTERNAL',
  ],
  [
    'has a head without a status',
    onlyHead(HEAD),
    'UNKNOWN',
    'Received HTTP status code 200',
    'INTERNAL',
  ],
  ...(
    [
      [400, 'INTERNAL', 'INTERNAL'],
      [401, 'UNAUTHENTICATED', 'INTERNAL'],
      [403, 'PERMISSION_DENIED', 'INTERNAL'],
      [404, 'UNIMPLEMENTED', 'INTERNAL'],
      [429, 'UNAVAILABLE', 'UNAVAILABLE'],
      [500, 'UNKNOWN', 'INTERNAL'],
      [502, 'UNAVAILABLE', 'UNAVAILABLE'],
      [503, 'UNAVAILABLE', 'UNAVAILABLE'],
    ] as const
  ).map<Case>(([code, said, meant]) => [
    `is a web server that answers ${code}`,
    onlyHead({ ':status': code, 'content-type': 'text/html' }),
    said,
    `Received HTTP status code ${code}`,
    meant,
  ]),
  [
    'answers with no message',
    trailers({ 'grpc-status': '0' }),
    'UNIMPLEMENTED',
    'No message received',
    'INTERNAL',
  ],
  [
    'answers with too large a message',
    trailers({}, tooLarge),
    'RESOURCE_EXHAUSTED',
    'Received message larger than max',
    'INTERNAL',
  ],
  [
    'answers with what is not its message',
    trailers({ 'grpc-status': '0' }, notAMessage),
    'INTERNAL',
    'Response message parsing error: ',
    'INTERNAL',
  ],
];

/**
 * How a peer ends the session under a call. Which of its events comes first decides what grpc-js makes of
 * it: UNAVAILABLE, INTERNAL, CANCELLED or RESOURCE_EXHAUSTED.
 */
const ENDED: [name: string, peer: Behaviour][] = [
  ['ends it', ({ stream }) => stream.session?.destroy()],
  [
    'ends it in an answer',
    ({ stream }) => {
      stream.respond(HEAD);
      stream.write(EMPTY_MESSAGE, () => stream.session?.destroy());
    },
  ],
  ['ends it with an error', ({ stream }) => stream.session?.destroy(new Error('x'))],
  ['cancels its streams', ({ stream }) => stream.session?.destroy(undefined, 8)],
  ['finds it too noisy', ({ stream }) => stream.session?.destroy(undefined, 11)],
  ['closes the connection', ({ socket }) => socket.destroy()],
];

/** What the peer itself says, in words that grpc-js has too. */
const SAID: Case[] = [
  ...(
    ['INTERNAL', 'UNKNOWN', 'RESOURCE_EXHAUSTED', 'PERMISSION_DENIED', 'NOT_FOUND'] as const
  ).map<Case>((status) => [
    `says ${status} at once`,
    onlyHead({ ...HEAD, 'grpc-status': String(codeOf(status)), 'grpc-message': CUT_OFF }),
    status,
    CUT_OFF,
    status,
  ]),
  [
    'says NOT_FOUND after a head',
    trailers({ 'grpc-status': '5', 'grpc-message': 'no such thing' }),
    'NOT_FOUND',
    'no such thing',
    'NOT_FOUND',
  ],
  [
    'says that the call was cancelled, which it was not',
    onlyHead({ ...HEAD, 'grpc-status': '1' }),
    'CANCELLED',
    '',
    'UNAVAILABLE',
  ],
];

function codeOf(status: StatusName): number {
  return (
    Array.from({ length: 17 }, (_, code) => code).find((code) => statusName(code) === status) ?? -1
  );
}

describe('a status that grpc-js gives a call', () => {
  let world: TestWorld;
  let peer: RawPeer;
  let client: RpcClient<typeof EchoService>;
  let behaves: Behaviour;

  beforeAll(async () => {
    world = await TestWorld.create();
    peer = await startRawPeer(world, (call) => behaves(call));
    ({ client } = await world.client([peer.port]));
  });
  afterAll(async () => {
    peer.close();
    await world.close();
  });

  test.each([...MADE_UP, ...SAID])(
    'means what it is when the peer %s',
    async (_name, behaviour, said, details, meant) => {
      behaves = behaviour;
      const error = await client.unary(once, {}).catch((thrown: unknown) => thrown as RpcError);
      const cause = (error as RpcError).cause as ServiceError;
      expect([statusName(cause.code), cause.details.slice(0, details.length)]).toEqual([
        said,
        details,
      ]);
      expect(error).toMatchObject({ status: meant });
    },
  );

  test.each(ENDED)(
    'is UNAVAILABLE when the peer ends the session: %s',
    async (_name, behaviour) => {
      behaves = behaviour;
      await expect(client.unary(once, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    },
  );

  test('is UNAVAILABLE when there is no connection at all', async () => {
    const { client: lonely } = await world.client([1]);
    await expect(lonely.unary(once, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
  });

  test('is our own deadline or cancellation where it was that', async () => {
    behaves = () => undefined;
    await expect(client.unary(once, {}, { timeoutMs: 50 })).rejects.toMatchObject({
      status: 'DEADLINE_EXCEEDED',
    });
    const signal = AbortSignal.timeout(20);
    await expect(client.unary(once, {}, { signal })).rejects.toMatchObject({ status: 'CANCELLED' });
  });
});

describe('a server of ours that ends a session under a call', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await TestWorld.create();
  });
  afterAll(() => world.close());

  test('at its maximum age is unavailable', async () => {
    const server = await world.serve(
      {
        once: async (_request, { signal }) => {
          await happens(signal, 'abort');
          return {};
        },
      },
      { connectionMaxAgeSeconds: 1 },
      undefined,
      { connectionGraceMs: 0 },
    );
    const { client } = await world.client([server.port]);
    await expect(client.unary(once, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
  });
});
