import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld } from '../testing/world.ts';

const { once } = EchoService.method;

describe('calls to several replicas', () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(() => world.close());

  test('go to all in turn, and few to one that does not answer', async () => {
    const calls = [0, 0, 0];
    const hanging = Promise.withResolvers<undefined>();
    let hangs = false;
    const servers = await Promise.all(
      calls.map((_, index) =>
        world.serve({
          once: async ({ text }) => {
            calls[index] = (calls[index] ?? 0) + 1;
            if (hangs && index === 0) await hanging.promise;
            return { text };
          },
        }),
      ),
    );
    const { client } = await world.client(servers.map(({ port }) => port));
    const call = () => client.unary(once, {});
    // Until all three are connected.
    await eventually(async () => {
      await call();
      expect(calls.every((count) => count > 0)).toBe(true);
    });
    calls.fill(0);
    for (let index = 0; index < 30; index++) await call();
    expect(calls).toEqual([10, 10, 10]);

    hangs = true;
    calls.fill(0);
    const answers = { count: 0 };
    for (let index = 0; index < 60; index++) {
      const answered = await client.unary(once, {}, { timeoutMs: 1_500 }).catch(() => undefined);
      if (answered !== undefined) answers.count++;
    }
    // The first that it gets is given up, and that counts against it; the rest go to the others.
    expect([calls[0], answers.count]).toEqual([1, 59]);
    hanging.resolve(undefined);
  });
});
