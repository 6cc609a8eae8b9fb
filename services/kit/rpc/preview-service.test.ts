import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RpcClient } from '../clients.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { NameServer } from '../testing/name-server.ts';
import type { TestServer, TestWorld } from '../testing/world.ts';

const { once } = EchoService.method;

/** As Argo Rollouts does it: the Service of the preview leads to one set of pods after the other. */
describe('a preview behind the name of a Service', () => {
  let world: TestWorld;
  let names: NameServer;
  let active: TestServer;
  let client: RpcClient<typeof EchoService>;
  let inPreview: <T>(work: () => T) => T;

  /** A pod of the release, at an address of its own and the port that all have. */
  async function pod(release: string, address: string, port: number): Promise<TestServer> {
    return await world.serve(
      { once: () => ({ text: release }) },
      // Replicas close connections now and then, so that clients look names up again.
      { listen: { address, port }, connectionMaxAgeSeconds: 1 },
    );
  }

  beforeAll(async () => {
    // Read by grpc-js when it is loaded: names are then looked up at the server that the target names.
    process.env['GRPC_NODE_USE_ALTERNATIVE_RESOLVER'] = 'true';
    const { TestWorld: World } = await import('../testing/world.ts');
    const { openClient } = await import('../clients.ts');
    const { runInScope, scopeOf } = await import('../call-scope.ts');
    inPreview = (work) =>
      runInScope(
        scopeOf({
          timeoutMs: 10_000,
          signal: new AbortController().signal,
          colour: 'preview',
        }),
        work,
      );
    world = await World.create();
    names = await NameServer.start();
    active = await pod('active', '127.0.0.1', 0);
    names.addresses = ['127.0.0.1'];
    const folder = await world.prepare('caller');
    world.bind(folder, [active.port]);
    writeFileSync(
      join(folder, 'bindings/echo/preview-uri'),
      `dns://127.0.0.1:${names.port}/echo-preview.test:${active.port}`,
    );
    const { runtime } = await world.start(folder);
    client = openClient(runtime, 'echo', EchoService);
  });
  afterAll(async () => {
    await world.close();
    names.close();
  });

  const ask = async (): Promise<string> => (await inPreview(() => client.unary(once, {}))).text;

  /** Asks all the time, as callers do, until a release answers; a request that fails fails the test. */
  async function answeredBy(release: string): Promise<void> {
    while ((await ask()) !== release) await delay(20);
  }

  test('is followed from release to release, and no request meets nobody', async () => {
    await answeredBy('active');
    // Pods of a release that are not ready yet: the Service has none.
    names.addresses = [];
    for (let request = 0; request < 50; request++) expect(await ask()).toBe('active');
    const first = await pod('first', '127.0.0.2', active.port);
    names.addresses = ['127.0.0.2'];
    await answeredBy('first');
    // Given up: its pods leave, and the Service has none again.
    names.addresses = [];
    await first.runtime.stop();
    await answeredBy('active');
    for (let request = 0; request < 50; request++) expect(await ask()).toBe('active');
    await pod('second', '127.0.0.3', active.port);
    names.addresses = ['127.0.0.3'];
    await answeredBy('second');
  }, 120_000);
});
