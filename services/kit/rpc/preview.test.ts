import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runInScope, scopeOf } from '../call-scope.ts';
import { openClient } from '../clients.ts';
import type { RpcClient } from '../clients.ts';
import { COLOUR_METADATA } from '../release/colour.ts';
import type { Colour } from '../release/colour.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld, spiffe } from '../testing/world.ts';
import type { TestServer } from '../testing/world.ts';

const { echo, once } = EchoService.method;
type EchoClient = RpcClient<typeof EchoService>;

describe('a client with a preview', () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(() => world.close());

  /** A replica that answers with its own name. */
  const replica = (name: string): Promise<TestServer> =>
    world.serve({ echo: () => ({ text: name }), once: () => ({ text: name }) });

  const bindPreview = (folder: string, ports: readonly number[]): void => {
    const list = join(folder, 'bindings/echo/preview-addresses');
    writeFileSync(`${list}.new`, ports.map((port) => `127.0.0.1:${port}\n`).join(''));
    renameSync(`${list}.new`, list);
  };

  const setPreviewUri = (folder: string, list = 'preview-addresses'): void =>
    writeFileSync(join(folder, 'bindings/echo/preview-uri'), `addresses:echo/${list}\n`);

  async function previewClient(active: readonly number[], preview: readonly number[]) {
    const folder = await world.prepare('caller');
    world.bind(folder, active);
    setPreviewUri(folder);
    bindPreview(folder, preview);
    const { runtime } = await world.start(folder);
    return { folder, runtime, client: openClient(runtime, 'echo', EchoService) };
  }

  const inColour = <T>(colour: Colour, work: () => T): T =>
    runInScope(scopeOf({ timeoutMs: 10_000, signal: new AbortController().signal, colour }), work);

  const answers = async (client: EchoClient, colour: Colour, count = 10): Promise<Set<string>> => {
    const texts = new Set<string>();
    for (let index = 0; index < count; index++) {
      texts.add((await inColour(colour, () => client.unary(echo, {}))).text);
    }
    return texts;
  };

  test('sends each request to the release of its colour', async () => {
    const [a, p] = await Promise.all([replica('active'), replica('preview')]);
    const { client } = await previewClient([a.port], [p.port]);
    await eventually(async () =>
      expect(await answers(client, 'preview')).toEqual(new Set(['preview'])),
    );
    expect(await answers(client, 'active')).toEqual(new Set(['active']));
    expect((await client.unary(echo, {})).text).toBe('active');
  });

  test('sends everything to the active release before the preview listens and after it has gone', async () => {
    const [a, p] = await Promise.all([replica('active'), replica('preview')]);
    const { client, folder } = await previewClient([a.port], []);
    // Not idempotent, so nothing would send it again: no request may ever meet an absent preview.
    const ask = async (): Promise<string> =>
      (await inColour('preview', () => client.unary(once, {}))).text;
    for (let index = 0; index < 20; index++) expect(await ask()).toBe('active');
    bindPreview(folder, [p.port]);
    await eventually(async () => expect(await ask()).toBe('preview'));
    await p.runtime.stop();
    for (let index = 0; index < 20; index++) expect(await ask()).toBe('active');
    const again = await replica('again');
    bindPreview(folder, [again.port]);
    await eventually(async () => expect(await ask()).toBe('again'));
  });

  test('does not take a peer for the preview that proves to be another service', async () => {
    const a = await replica('active');
    const identity = await world.authority.issue({ uris: [spiffe('impostor')] });
    const impostor = await world.serve(
      { echo: () => ({ text: 'impostor' }) },
      { spiffeId: spiffe('impostor') },
      identity,
    );
    const { client } = await previewClient([a.port], [impostor.port]);
    expect(await answers(client, 'preview', 30)).toEqual(new Set(['active']));
  });

  test('follows both addresses of its binding', async () => {
    const [a, b, p] = await Promise.all([replica('a'), replica('b'), replica('p')]);
    const { client, folder } = await world.client([a.port]);
    expect(await answers(client, 'preview')).toEqual(new Set(['a']));
    bindPreview(folder, [p.port]);
    setPreviewUri(folder);
    await eventually(async () => expect(await answers(client, 'preview')).toEqual(new Set(['p'])));
    writeFileSync(join(folder, 'bindings/echo/others'), `127.0.0.1:${b.port}\n`);
    writeFileSync(join(folder, 'bindings/echo/uri'), 'addresses:echo/others');
    await eventually(async () => expect(await answers(client, 'active')).toEqual(new Set(['b'])));
    rmSync(join(folder, 'bindings/echo/preview-uri'));
    await eventually(async () => expect(await answers(client, 'preview')).toEqual(new Set(['b'])));
  });

  test('finishes a call where it began when the address changes meanwhile', async () => {
    const gate = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    const a = await world.serve({
      once: async () => {
        begun.resolve(undefined);
        await gate.promise;
        return { text: 'a' };
      },
    });
    const b = await replica('b');
    const { client, folder } = await world.client([a.port]);
    const slow = client.unary(once, {});
    await begun.promise;
    writeFileSync(join(folder, 'bindings/echo/others'), `127.0.0.1:${b.port}\n`);
    writeFileSync(join(folder, 'bindings/echo/uri'), 'addresses:echo/others');
    await eventually(async () => expect(await answers(client, 'active')).toEqual(new Set(['b'])));
    gate.resolve(undefined);
    await expect(slow).resolves.toMatchObject({ text: 'a' });
  });

  test('keeps the last address while there is none, and says so', async () => {
    const a = await replica('a');
    const { client, folder, lines } = await world.client([a.port]);
    writeFileSync(join(folder, 'bindings/echo/uri'), '');
    await eventually(() =>
      expect(lines).toContainEqual(
        expect.objectContaining({
          level: 'warn',
          binding: 'echo',
          message: 'an address was not taken over; the last goes on',
        }),
      ),
    );
    expect(await answers(client, 'active')).toEqual(new Set(['a']));
  });
});

describe('the colour of a request', () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(() => world.close());

  /** Enters at Once of the front, which calls Echo of the back; resolves to what the back was sent. */
  async function sentOn(colour: Colour, metadata?: Metadata): Promise<unknown> {
    let seen: unknown;
    const back = await world.serve(
      {
        echo: (_request, call) => {
          seen = call.metadata.get(COLOUR_METADATA);
          return {};
        },
      },
      { allow: { '*': [spiffe('echo')] } },
    );
    const front = await world.serve({
      once: async () => ({ text: (await onward.unary(echo, {}, metadata && { metadata })).text }),
    });
    world.bind(front.folder, [back.port]);
    const onward = openClient(front.runtime, 'echo', EchoService);
    const { client } = await world.client([front.port]);
    const { signal } = new AbortController();
    await runInScope(scopeOf({ timeoutMs: 5_000, signal, colour }), () => client.unary(once, {}));
    return seen;
  }

  test('goes with every call made for it, also where there is no preview', async () => {
    expect(await sentOn('preview')).toEqual(['preview']);
    expect(await sentOn('active')).toEqual([]);
  });

  test('is not what a handler puts on a call', async () => {
    const metadata = new Metadata();
    metadata.set(COLOUR_METADATA, 'preview');
    expect(await sentOn('active', metadata)).toEqual([]);
  });
});
