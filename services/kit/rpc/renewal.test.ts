import { join } from 'node:path';
import { connect } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeIdentity } from '../testing/authority.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld, spiffe } from '../testing/world.ts';
import type { TestProcess } from '../testing/world.ts';

const { once } = EchoService.method;

describe('renewal of certificates', () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(() => world.close());

  /** Renews a process's certificate and waits until it has it. */
  async function renew(process: TestProcess, service: string): Promise<void> {
    const before = process.runtime.identity.current.serialNumber;
    const issued = await world.authority.issue({ uris: [spiffe(service)] });
    writeIdentity(join(process.folder, 'tls'), issued);
    await eventually(() => expect(process.runtime.identity.current.serialNumber).not.toBe(before));
  }

  /** Calls without a pause until told to stop; a call that fails rejects. */
  function load(call: () => Promise<unknown>): { stop(): Promise<number> } {
    let stopped = false;
    let count = 0;
    const worker = async (): Promise<void> => {
      while (!stopped) {
        await call();
        count++;
      }
    };
    const workers = Promise.all(Array.from({ length: 8 }, worker));
    return {
      stop: async () => {
        stopped = true;
        await workers;
        return count;
      },
    };
  }

  test('both sides renew under load without a failed call, though none is retried', async () => {
    // Connections of a second, so that new ones are made with the new certificates meanwhile.
    const server = await world.serve({}, { connectionMaxAgeSeconds: 1 });
    const process = await world.client([server.port]);
    const running = load(() => process.client.unary(once, { text: 'x' }));
    for (let round = 0; round < 3; round++) {
      await renew(server, 'echo');
      await renew(process, 'caller');
      await delay(700);
    }
    expect(await running.stop()).toBeGreaterThan(100);
    const renewed = server.lines.filter(({ message }) => message === 'certificate renewed');
    expect(renewed).toHaveLength(3);
  }, 20_000);

  test('a new connection to a server shows its new certificate', async () => {
    const server = await world.serve();
    const shown = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect({
          host: '127.0.0.1',
          port: server.port,
          ALPNProtocols: ['h2'],
          rejectUnauthorized: false,
        });
        socket.once('error', reject);
        socket.once('secureConnect', () => {
          resolve(socket.getPeerCertificate().serialNumber);
          socket.destroy();
        });
      });
    const first = server.runtime.identity.current.serialNumber;
    expect(await shown()).toBe(first);
    await renew(server, 'echo');
    expect(await shown()).toBe(server.runtime.identity.current.serialNumber);
    expect(await shown()).not.toBe(first);
  });

  test('a new connection of a client shows its new certificate', async () => {
    const server = await world.serve({}, { connectionMaxAgeSeconds: 1 });
    const process = await world.client([server.port]);
    await expect(process.client.unary(once, { text: 'x' })).resolves.toMatchObject({ text: 'x' });
    // Of a service that may not call, so that it is seen which certificate is used.
    await renew(process, 'stranger');
    await eventually(() =>
      expect(process.client.unary(once, {})).rejects.toMatchObject({
        status: 'PERMISSION_DENIED',
      }),
    );
  });

  test('a listener that throws keeps neither the others from the news nor the process alone', async () => {
    const server = await world.serve();
    const { identity, metrics } = server.runtime;
    identity.listen({
      renewed: () => {
        throw new Error('nobody expected that');
      },
    });
    const told: string[] = [];
    identity.listen({ renewed: ({ serialNumber }) => void told.push(serialNumber) });
    for (const number of [1, 2]) {
      await renew(server, 'echo');
      await eventually(() => expect(told).toHaveLength(number));
    }
    const failed = server.lines.filter(({ task }) => task === 'renewal of tls');
    expect(failed).toHaveLength(2);
    expect(failed[0]).toMatchObject({ level: 'error', err: { message: 'nobody expected that' } });
    expect(await metrics.registry.metrics()).toContain(
      'background_failures_total{task="renewal of tls"} 2',
    );
  });

  test('a version that is broken is reported, and the last good one stays in use', async () => {
    const server = await world.serve();
    const good = server.runtime.identity.current.serialNumber;
    const one = await world.authority.issue({ uris: [spiffe('echo')] });
    const other = await world.authority.issue({ uris: [spiffe('echo')] });
    writeIdentity(join(server.folder, 'tls'), { ...one, key: other.key });
    await eventually(() => {
      const line = server.lines.find(({ message }) => message === 'certificate not renewed');
      expect(line).toMatchObject({ level: 'warn' });
    });
    expect(server.runtime.identity.current.serialNumber).toBe(good);
    const { client } = await world.client([server.port]);
    await expect(client.unary(once, { text: 'x' })).resolves.toMatchObject({ text: 'x' });
    await renew(server, 'echo');
  });
});
