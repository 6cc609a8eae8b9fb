import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { currentScope, runInScope, scopeOf } from '../call-scope.ts';
import { openClient } from '../clients.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld, spiffe } from '../testing/world.ts';
import type { ServerCall } from './handlers.ts';

const { echo, once, join, repeat, chat } = EchoService.method;

describe('deadlines and cancellation', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await TestWorld.create();
  });
  afterAll(() => world.close());

  /** A handler that waits until its call is cancelled, and says so. */
  function waiting(): {
    readonly seen: ServerCall[];
    readonly handler: (request: unknown, call: ServerCall) => Promise<{ text: string }>;
  } {
    const seen: ServerCall[] = [];
    return {
      seen,
      handler: async (_request, call) => {
        seen.push(call);
        await new Promise<void>((resolve) => {
          call.signal.addEventListener('abort', () => resolve());
        });
        return { text: 'too late' };
      },
    };
  }

  test('a call that takes too long ends with DEADLINE_EXCEEDED on both sides', async () => {
    const { seen, handler } = waiting();
    const server = await world.serve({ echo: handler });
    const { client } = await world.client([server.port]);
    await expect(client.unary(echo, {}, { timeoutMs: 1_000 })).rejects.toMatchObject({
      status: 'DEADLINE_EXCEEDED',
      origin: { service: 'echo', method: 'meridian.kittest.v1.EchoService/Echo' },
    });
    await eventually(() => expect(seen[0]?.signal.aborted).toBe(true));
    await eventually(() => {
      const line = server.lines.find(({ message }) => message === 'call served');
      expect(line).toMatchObject({ rpc_status_code: 'DEADLINE_EXCEEDED' });
    });
  });

  test('a call without a deadline gets the default of the server', async () => {
    const { handler } = waiting();
    const server = await world.serve({ once: handler }, { limits: { defaultDeadlineMs: 150 } });
    const { client } = await world.client([server.port]);
    await expect(client.unary(once, {}, { timeoutMs: Infinity })).rejects.toMatchObject({
      status: 'DEADLINE_EXCEEDED',
      message: 'the deadline has passed',
    });
  });

  test('a nested call inherits what is left of the deadline, and no more', async () => {
    const inner = waiting();
    const back = await world.serve({ echo: inner.handler }, { allow: { '*': [spiffe('echo')] } });
    const outerDeadlines: number[] = [];
    const front = await world.serve({
      once: async () => {
        outerDeadlines.push(currentScope()?.deadlineMs ?? 0);
        // Asks for far more time than its caller has.
        const { text } = await nested.unary(echo, { text: 'in' }, { timeoutMs: 60_000 });
        return { text };
      },
    });
    world.bind(front.folder, [back.port]);
    const nested = openClient(front.runtime, 'echo', EchoService);
    const { client } = await world.client([front.port]);
    await expect(client.unary(once, {}, { timeoutMs: 2_000 })).rejects.toMatchObject({
      status: 'DEADLINE_EXCEEDED',
    });
    // A deadline travels as the time that is left, so clocks and transit make a small difference.
    expect(Math.abs((inner.seen[0]?.deadlineMs ?? 0) - (outerDeadlines[0] ?? 0))).toBeLessThan(200);
    expect(inner.seen[0]?.peer).toBe(spiffe('echo'));
  });

  test('cancelling a call cancels the calls made for it', async () => {
    const inner = waiting();
    const back = await world.serve({ echo: inner.handler }, { allow: { '*': [spiffe('echo')] } });
    const front = await world.serve({
      once: async () => ({ text: (await nested.unary(echo, {})).text }),
    });
    world.bind(front.folder, [back.port]);
    const nested = openClient(front.runtime, 'echo', EchoService);
    const { client } = await world.client([front.port]);
    const controller = new AbortController();
    const call = client.unary(once, {}, { signal: controller.signal });
    await eventually(() => expect(inner.seen).toHaveLength(1));
    controller.abort();
    await expect(call).rejects.toMatchObject({ status: 'CANCELLED' });
    await eventually(() => expect(inner.seen[0]?.signal.aborted).toBe(true));
    await eventually(() => {
      const line = front.lines.find(({ message }) => message === 'call served');
      expect(line).toMatchObject({ rpc_status_code: 'CANCELLED' });
    });
  });

  test('a scope made for another server limits and cancels calls alike', async () => {
    const { seen, handler } = waiting();
    const server = await world.serve({ echo: handler });
    const { client } = await world.client([server.port]);
    const controller = new AbortController();
    const scope = scopeOf({ timeoutMs: 60_000, signal: controller.signal });
    const call = runInScope(scope, () => client.unary(echo, {}));
    await eventually(() => expect(seen).toHaveLength(1));
    controller.abort();
    await expect(call).rejects.toMatchObject({ status: 'CANCELLED' });
    await expect(runInScope(scope, () => client.unary(echo, {}))).rejects.toMatchObject({
      status: 'CANCELLED',
    });
    const late = scopeOf({ timeoutMs: -1, signal: new AbortController().signal });
    await expect(runInScope(late, () => client.unary(echo, {}))).rejects.toMatchObject({
      status: 'DEADLINE_EXCEEDED',
    });
  });

  test('streams of every kind carry messages, and end when nobody waits', async () => {
    const stopped = Promise.withResolvers<undefined>();
    const server = await world.serve({
      async *repeat({ text }, call) {
        try {
          while (!call.signal.aborted) {
            yield { text };
            await delay(1);
          }
        } finally {
          stopped.resolve(undefined);
        }
      },
    });
    const { client } = await world.client([server.port]);
    async function* texts(): AsyncGenerator<{ text: string }> {
      for (const text of ['a', 'b', 'c']) yield await Promise.resolve({ text });
    }
    await expect(client.clientStreaming(join, texts())).resolves.toMatchObject({ text: 'abc' });
    const answers: string[] = [];
    for await (const { text } of client.bidiStreaming(chat, texts())) answers.push(text);
    expect(answers).toEqual(['a', 'b', 'c']);
    let count = 0;
    for await (const { text } of client.serverStreaming(repeat, { text: 'x' })) {
      expect(text).toBe('x');
      if (++count === 5) break;
    }
    await stopped.promise;
  });

  test('a stream whose source of requests fails shows that failure', async () => {
    const server = await world.serve();
    const { client } = await world.client([server.port]);
    async function* failing(): AsyncGenerator<{ text: string }> {
      yield await Promise.resolve({ text: 'a' });
      throw new Error('the file ended early');
    }
    await expect(client.clientStreaming(join, failing())).rejects.toThrow('the file ended early');
    const chatting = client.bidiStreaming(chat, failing());
    await expect(
      (async () => {
        for await (const { text } of chatting) expect(text).toBe('a');
      })(),
    ).rejects.toThrow('the file ended early');
  });
});
