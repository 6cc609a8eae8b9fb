import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RpcError } from '../run-service.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld, spiffe } from '../testing/world.ts';

const { echo, once } = EchoService.method;

describe('when replicas go', () => {
  let world: TestWorld;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await world.close();
  });

  /** A replica as a process of its own; resolves to its port. */
  async function replica(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
    const folder = await world.prepare('echo', {
      listen: { address: '127.0.0.1', port: 0 },
      allow: { '*': [spiffe('caller')] },
    });
    const child = spawn(process.execPath, [join(import.meta.dirname, '../testing/echo-main.ts')], {
      cwd: folder,
      env: { SERVICE_BINDING_ROOT: 'bindings', MERIDIAN_SERVICE_FILE: 'config/service.json' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const port = await new Promise<number>((resolve, reject) => {
      let output = '';
      child.once('exit', () => reject(new Error(`the replica ended: ${output}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const serving = output.split('\n').find((line) => line.includes('"message":"serving"'));
        if (serving !== undefined) resolve((JSON.parse(serving) as { port: number }).port);
      });
    });
    return { child, port };
  }

  test('a killed one costs no idempotent call', async () => {
    const replicas = await Promise.all([replica(), replica(), replica()]);
    const { client } = await world.client(replicas.map(({ port }) => port));
    await client.unary(echo, { text: 'x' });
    let stopped = false;
    let count = 0;
    const workers = Array.from({ length: 8 }, async () => {
      while (!stopped) {
        await client.unary(echo, { text: 'x' });
        count++;
      }
    });
    await eventually(() => expect(count).toBeGreaterThan(200));
    replicas[0].child.kill('SIGKILL');
    const atKill = count;
    await eventually(() => expect(count).toBeGreaterThan(atKill + 500));
    stopped = true;
    await Promise.all(workers);
  }, 30_000);

  test('a stopped one, which keeps its connections, is noticed and left out', async () => {
    const replicas = await Promise.all([replica(), replica()]);
    const { client } = await world.client(replicas.map(({ port }) => port));
    await eventually(() => client.unary(echo, { text: 'x' }));
    replicas[0].child.kill('SIGSTOP');
    // Every second call meets the stopped replica until keepalive gives it up.
    const started = performance.now();
    await Promise.all(
      Array.from({ length: 4 }, () => client.unary(echo, { text: 'x' }, { timeoutMs: 20_000 })),
    );
    expect(performance.now() - started).toBeLessThan(12_000);
    for (let index = 0; index < 10; index++) {
      await client.unary(echo, { text: 'x' }, { timeoutMs: 500 });
    }
    replicas[0].child.kill('SIGCONT');
  }, 40_000);

  test('a call that is not idempotent is never sent twice', async () => {
    let calls = 0;
    const unavailable = (): never => {
      calls++;
      throw new RpcError('UNAVAILABLE', 'try again');
    };
    const server = await world.serve({ once: unavailable, echo: unavailable });
    const { client } = await world.client([server.port]);
    await expect(client.unary(once, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(calls).toBe(1);
    await expect(client.unary(echo, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(calls).toBe(5);
  });

  test('retries stop when the budget is spent', async () => {
    let calls = 0;
    const server = await world.serve({
      echo: () => {
        calls++;
        throw new RpcError('UNAVAILABLE', 'try again');
      },
    });
    const { client } = await world.client([server.port]);
    const attempts = 150;
    await Promise.allSettled(Array.from({ length: attempts }, () => client.unary(echo, {})));
    calls = 0;
    await expect(client.unary(echo, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(calls).toBe(1);
  });
});
