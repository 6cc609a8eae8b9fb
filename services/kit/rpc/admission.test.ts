import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld } from '../testing/world.ts';
import { Admission } from './admission.ts';

const { once } = EchoService.method;

const never = (): (() => void) => () => undefined;

describe('the queue of calls', () => {
  test('lets in as many as may work, in the order they came', async () => {
    const queue = new Admission({ concurrency: 1, queueDepth: 2 });
    const order: string[] = [];
    expect(queue.tryEnter()).toBe(true);
    expect(queue.tryEnter()).toBe(false);
    const first = queue.wait(never).then(() => order.push('first'));
    const second = queue.wait(never).then(() => order.push('second'));
    expect(queue.depth).toBe(2);
    queue.leave();
    await first;
    queue.leave();
    await second;
    queue.leave();
    expect(order).toEqual(['first', 'second']);
    expect(queue.active).toBe(0);
  });

  test('forgets a call that was cancelled while it waited', async () => {
    const queue = new Admission({ concurrency: 1, queueDepth: 2 });
    queue.tryEnter();
    let cancel = (): void => undefined;
    const cancelled = queue.wait((listener) => {
      cancel = listener;
      return () => undefined;
    });
    const other = queue.wait(never);
    cancel();
    await expect(cancelled).resolves.toBe(false);
    expect(queue.depth).toBe(1);
    queue.leave();
    await expect(other).resolves.toBe(true);
    expect(queue.active).toBe(1);
  });

  test('refuses a call that was cancelled before it came, without taking a place', async () => {
    const queue = new Admission({ concurrency: 1, queueDepth: 1 });
    queue.tryEnter();
    await expect(
      queue.wait((listener) => {
        listener();
        return () => undefined;
      }),
    ).resolves.toBe(false);
    expect(queue.depth).toBe(0);
  });
});

describe('a server that is full', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await TestWorld.create();
  });
  afterAll(() => world.close());

  test('sheds with UNAVAILABLE, shows its queue, and serves all that it took', async () => {
    const gate = Promise.withResolvers<undefined>();
    const server = await world.serve(
      {
        once: async ({ text }) => {
          await gate.promise;
          return { text };
        },
      },
      { limits: { concurrency: 2, queueDepth: 3 } },
    );
    const { client } = await world.client([server.port]);
    const calls = Array.from({ length: 5 }, (_, index) =>
      client.unary(once, { text: String(index) }),
    );
    await eventually(() => expect(server.server.admission.depth).toBe(3));
    const metrics = await (
      await fetch(`http://127.0.0.1:${server.runtime.ops?.port ?? 0}/metrics`)
    ).text();
    expect(metrics).toContain('\nrequest_queue_depth 3\n');
    await expect(client.unary(once, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    gate.resolve(undefined);
    const texts = (await Promise.all(calls)).map(({ text }) => text);
    expect(texts).toEqual(['0', '1', '2', '3', '4']);
    await eventually(() => expect(server.server.admission.active).toBe(0));
  });

  test('serves others while calls only wait, and no more at once than it may when they go on', async () => {
    const gate = Promise.withResolvers<undefined>();
    const work = Promise.withResolvers<undefined>();
    const server = await world.serve(
      {
        once: async ({ text }, call) => {
          if (text === 'waits') await call.aside(() => gate.promise);
          if (text === 'waits') await work.promise;
          return { text };
        },
      },
      { limits: { concurrency: 1, queueDepth: 3 } },
    );
    const { admission } = server.server;
    const { client } = await world.client([server.port]);
    const waiting = [1, 2, 3].map(() => client.unary(once, { text: 'waits' }));
    // Each has come when it has given up its place.
    await eventually(async () => {
      expect((await client.unary(once, { text: 'works' })).text).toBe('works');
      expect(admission.active).toBe(0);
    });
    gate.resolve(undefined);
    await eventually(() => expect([admission.active, admission.depth]).toEqual([1, 2]));
    work.resolve(undefined);
    expect((await Promise.all(waiting)).map(({ text }) => text)).toEqual(Array(3).fill('waits'));
    await eventually(() => expect(admission.active).toBe(0));
    const metrics = await server.runtime.metrics.registry.metrics();
    const counts = metrics.match(/^rpc_server_call_duration_seconds_count\{.*Once.* [1-9]\d*$/gm);
    expect(counts).toEqual([
      expect.stringMatching(/,rpc_status_code="OK"\} [1-9]/),
      expect.stringMatching(/,rpc_status_code="OK",waited="true"\} 3$/),
    ]);
  });
});
