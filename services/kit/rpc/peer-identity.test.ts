import { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld, spiffe } from '../testing/world.ts';
import { peerIdentity } from './peer-identity.ts';

const { once } = EchoService.method;

describe('the identity of a caller', () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(() => world.close());

  test('is read once for each connection, and is never that of another connection', async () => {
    const peers: string[] = [];
    const server = await world.serve(
      {
        once: (_request, call) => {
          peers.push(call.peer);
          return {};
        },
      },
      { allow: { '*': [spiffe('caller'), spiffe('other')] } },
    );
    const caller = await world.client([server.port]);
    const other = await world.client([server.port], { service: 'other' });
    const parse = jest.spyOn(TLSSocket.prototype, 'getPeerCertificate');
    try {
      for (let round = 0; round < 5; round++) {
        await caller.client.unary(once, {});
        await other.client.unary(once, {});
      }
      // Clients and their grpc-js look at the server's certificate on the same prototype.
      const servers = parse.mock.contexts.filter(
        (socket) => (socket as TLSSocket).localPort === server.port,
      );
      expect(servers).toHaveLength(2);
    } finally {
      parse.mockRestore();
    }
    const round = [spiffe('caller'), spiffe('other')];
    expect(peers).toEqual([...round, ...round, ...round, ...round, ...round]);
  });

  test('is read for each call where grpc-js shows no connection', () => {
    const call = (name: string): Parameters<typeof peerIdentity>[0] => ({
      getAuthContext: () => ({
        sslPeerCertificate: { subjectaltname: `URI:${spiffe(name)}` } as never,
      }),
    });
    expect(peerIdentity(call('a'))).toBe(spiffe('a'));
    expect(peerIdentity(call('b'))).toBe(spiffe('b'));
    expect(peerIdentity({ getAuthContext: () => ({}) })).toBeUndefined();
  });
});
