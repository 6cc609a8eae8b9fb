import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld } from '../testing/world.ts';
import type { TestServer } from '../testing/world.ts';

const { echo } = EchoService.method;

describe('a client with an address list', () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(() => world.close());

  /** A replica that answers with its own name. */
  function replica(name: string): Promise<TestServer> {
    return world.serve({ echo: () => ({ text: name }) });
  }

  test('spreads its calls evenly over the replicas', async () => {
    const servers = await Promise.all(['a', 'b', 'c'].map(replica));
    const { client } = await world.client(servers.map(({ port }) => port));
    const counts = new Map<string, number>();
    await eventually(async () => {
      await client.unary(echo, {});
      counts.clear();
      for (let index = 0; index < 30; index++) {
        const { text } = await client.unary(echo, {});
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
      expect(Object.fromEntries(counts)).toEqual({ a: 10, b: 10, c: 10 });
    });
  });

  test('follows the list: a new replica gets calls, a removed one gets none', async () => {
    const [a, b] = await Promise.all(['a', 'b'].map(replica));
    if (a === undefined || b === undefined) throw new Error('no replicas');
    const { client, folder } = await world.client([a.port]);
    const answers = async (count: number): Promise<ReadonlySet<string>> => {
      const texts = new Set<string>();
      for (let index = 0; index < count; index++) texts.add((await client.unary(echo, {})).text);
      return texts;
    };
    expect(await answers(5)).toEqual(new Set(['a']));
    world.bind(folder, [a.port, b.port]);
    await eventually(async () => expect(await answers(4)).toEqual(new Set(['a', 'b'])));
    world.bind(folder, [b.port]);
    await eventually(async () => expect(await answers(4)).toEqual(new Set(['b'])));
  });

  test('waits for nothing when the list is empty, and recovers when it is not', async () => {
    const a = await replica('a');
    const { client, folder } = await world.client([]);
    await expect(client.unary(echo, {})).rejects.toThrow('it names no address');
    world.bind(folder, [a.port]);
    await eventually(() => expect(client.unary(echo, {})).resolves.toMatchObject({ text: 'a' }));
  });

  test('keeps the last good list while the file is broken or gone', async () => {
    const a = await replica('a');
    const { client, folder } = await world.client([a.port]);
    const list = join(folder, 'bindings/echo/addresses');
    await client.unary(echo, {});
    writeFileSync(list, '127.0.0.1:');
    for (let index = 0; index < 20; index++) {
      await expect(client.unary(echo, {})).resolves.toMatchObject({ text: 'a' });
    }
    rmSync(list);
    for (let index = 0; index < 20; index++) {
      await expect(client.unary(echo, {})).resolves.toMatchObject({ text: 'a' });
    }
    world.bind(folder, [a.port]);
    await expect(client.unary(echo, {})).resolves.toMatchObject({ text: 'a' });
  });
});
