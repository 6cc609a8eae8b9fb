import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { HEAD, answer, dieInTheAnswer, startRawPeer } from '../testing/raw-peer.ts';
import type { Behaviour, RawPeer } from '../testing/raw-peer.ts';
import { ECHO, RETRYING, TestWorld } from '../testing/world.ts';

const { echo, once } = EchoService.method;

describe('an answer that breaks off', () => {
  let world: TestWorld;
  let peer: RawPeer;

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(async () => {
    peer.close();
    await world.close();
  });

  /** A client of a peer, as the edge service has them. */
  async function clientOf(behaves: Behaviour) {
    peer = await startRawPeer(world, behaves);
    return (await world.client([peer.port], { configuration: RETRYING })).client;
  }

  test.each<[string, Behaviour]>([
    ['as the peer dies', dieInTheAnswer],
    ['as the session ends', ({ stream }) => stream.session?.destroy()],
    ['as a drained server leaves', ({ stream }) => stream.session?.destroy(undefined, 8)],
    ['without a status', ({ stream }) => (stream.respond(HEAD), stream.end())],
  ])('%s costs no idempotent call', async (_, breaks) => {
    const client = await clientOf((call) => (call.nth === 1 ? breaks : answer)(call));
    await expect(client.unary(echo, {})).resolves.toMatchObject({ text: '' });
    expect(peer.calls).toEqual([`${ECHO}/Echo`, `${ECHO}/Echo`]);
  });

  test('is asked for again twice, not for ever', async () => {
    const client = await clientOf(dieInTheAnswer);
    await expect(client.unary(echo, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(peer.calls.length).toBeLessThanOrEqual(3);
  });

  test('is not asked for again when that might do it twice', async () => {
    const client = await clientOf(dieInTheAnswer);
    await expect(client.unary(once, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(peer.calls).toHaveLength(1);
  });

  test('is not asked for again by a service that others wait for', async () => {
    peer = await startRawPeer(world, dieInTheAnswer);
    const { client } = await world.client([peer.port]);
    await expect(client.unary(echo, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(peer.calls).toHaveLength(1);
  });

  test('is not asked for again by a caller who has left', async () => {
    const left = new AbortController();
    const client = await clientOf((call) => {
      dieInTheAnswer(call);
      left.abort();
    });
    await expect(client.unary(echo, {}, { signal: left.signal })).rejects.toMatchObject({
      status: 'CANCELLED',
    });
    expect(peer.calls).toHaveLength(1);
  });
});
