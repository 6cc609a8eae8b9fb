import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from './testing/eventually.ts';
import { EchoService } from './testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld } from './testing/world.ts';

const { echo, once } = EchoService.method;

/** Between two calls of one who calls. */
const PAUSE_MS = 2;

describe('a server that leaves', () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(() => world.close());

  test('finishes what it took, first of all in its queue, and then is gone', async () => {
    const gate = Promise.withResolvers<undefined>();
    const server = await world.serve(
      {
        once: async ({ text }) => {
          await gate.promise;
          return { text };
        },
      },
      { limits: { concurrency: 1, queueDepth: 8 } },
    );
    const { client } = await world.client([server.port]);
    const calls = ['a', 'b', 'c'].map((text) => client.unary(once, { text }));
    await eventually(() => expect(server.server.admission.depth).toBe(2));
    const stopping = server.runtime.stop();
    const ready = `http://127.0.0.1:${server.runtime.ops?.port ?? 0}/readyz`;
    const response = await fetch(ready);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { process: 'draining' } });
    gate.resolve(undefined);
    expect((await Promise.all(calls)).map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    await stopping;
    await expect(fetch(ready)).rejects.toThrow();
    await expect(client.unary(once, { text: 'd' })).rejects.toMatchObject({
      status: 'UNAVAILABLE',
    });
  });

  test('cuts off calls that outlast the grace', async () => {
    const server = await world.serve(
      { once: () => new Promise(() => undefined) },
      { drain: { graceMs: 300 } },
    );
    const { client } = await world.client([server.port]);
    const call = client.unary(once, {}, { timeoutMs: 2_000 }).then(
      () => 'answered',
      (error: unknown) => (error as { status: string }).status,
    );
    await eventually(() => expect(server.server.admission.active).toBe(1));
    await server.runtime.stop();
    expect(await call).not.toBe('answered');
    expect(
      server.lines.some(({ message }) => message === 'calls were cut off after the grace'),
    ).toBe(true);
  });

  test('loses no call under load when one replica after the other is replaced', async () => {
    const servers = await Promise.all([world.serve(), world.serve()]);
    const { client, folder } = await world.client(servers.map(({ port }) => port));
    let stopped = false;
    let count = 0;
    const workers = [echo, once].flatMap((method) =>
      Array.from({ length: 4 }, async () => {
        while (!stopped) {
          await client.unary(method, { text: 'x' });
          count++;
          // Calls are under way at every moment; as many as the machine can make would only keep it busy.
          await delay(PAUSE_MS);
        }
      }),
    );
    for (let round = 0; round < 4; round++) {
      const old = servers.shift();
      servers.push(await world.serve());
      world.bind(
        folder,
        servers.map(({ port }) => port),
      );
      const before = count;
      await old?.runtime.stop();
      await eventually(() => expect(count).toBeGreaterThan(before + 50));
    }
    stopped = true;
    await Promise.all(workers);
  }, 30_000);
});
