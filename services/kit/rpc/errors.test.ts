import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openClient } from '../clients.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld, spiffe } from '../testing/world.ts';
import { RpcError } from './rpc-error.ts';
import { methodCodec } from './service-definition.ts';

const { echo, once, join, repeat, chat } = EchoService.method;
const SECRET = 'password=hunter2';

describe('errors of handlers', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await TestWorld.create();
  });
  afterAll(() => world.close());

  test('an RpcError reaches the caller with its status, message and metadata', async () => {
    const metadata = new Metadata();
    metadata.set('reason', 'sold-out');
    const server = await world.serve({
      echo: () => {
        throw new RpcError('NOT_FOUND', 'there is no product 7', {
          metadata,
          cause: new Error(SECRET),
        });
      },
    });
    const { client } = await world.client([server.port]);
    const error = await client.unary(echo, {}).then(
      () => undefined,
      (thrown: unknown) => thrown as RpcError,
    );
    expect(error).toMatchObject({ status: 'NOT_FOUND', message: 'there is no product 7', code: 5 });
    expect(error?.metadata?.get('reason')).toEqual(['sold-out']);
    expect(String(error?.cause)).not.toContain(SECRET);
  });

  test('an unknown error becomes INTERNAL; its cause stays in the log', async () => {
    const fail = (): never => {
      throw new Error(SECRET);
    };
    const server = await world.serve({
      once: fail,
      join: () => Promise.reject(new Error(SECRET)),
      async *repeat() {
        await Promise.reject(new Error(SECRET));
      },
      chat: fail,
    });
    const { client } = await world.client([server.port]);
    async function* none(): AsyncGenerator<{ text: string }> {
      // No request at all.
    }
    const drain = async (stream: AsyncIterable<unknown>): Promise<void> => {
      for await (const message of stream) expect(message).toBeUndefined();
    };
    const calls = [
      () => client.unary(once, {}),
      () => client.clientStreaming(join, none()),
      () => drain(client.serverStreaming(repeat, {})),
      () => drain(client.bidiStreaming(chat, none())),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({ status: 'INTERNAL', message: 'internal error' });
    }
    await eventually(() => {
      const errors = server.lines.filter(({ level }) => level === 'error');
      expect(errors).toHaveLength(4);
      expect(JSON.stringify(errors[0])).toContain(SECRET);
    });
  });

  test("a peer's error is not passed on as one's own, but its absence is", async () => {
    const answers: RpcError[] = [
      new RpcError('NOT_FOUND', SECRET),
      new RpcError('RESOURCE_EXHAUSTED', SECRET),
    ];
    const back = await world.serve(
      {
        once: () => {
          throw answers.shift() ?? new Error('asked too often');
        },
      },
      { allow: { '*': [spiffe('echo')] } },
    );
    const front = await world.serve({ once: () => nested.unary(once, {}) });
    world.bind(front.folder, [back.port]);
    const nested = openClient(front.runtime, 'echo', EchoService);
    const { client } = await world.client([front.port]);
    await expect(client.unary(once, {})).rejects.toMatchObject({
      status: 'INTERNAL',
      message: 'internal error',
    });
    await expect(client.unary(once, {})).rejects.toMatchObject({
      status: 'UNAVAILABLE',
      message: 'a dependency is overloaded',
    });
  });

  test('a malformed request is INVALID_ARGUMENT', async () => {
    const server = await world.serve();
    const { client } = await world.client([server.port]);
    const codec = methodCodec(echo);
    const serialize = codec.serialize;
    Object.assign(codec, { serialize: () => Buffer.from([0x0a, 0xff]) });
    try {
      await expect(client.unary(echo, {})).rejects.toMatchObject({
        status: 'INVALID_ARGUMENT',
        message: 'the request is not a meridian.kittest.v1.EchoRequest',
      });
    } finally {
      Object.assign(codec, { serialize });
    }
  });
});
