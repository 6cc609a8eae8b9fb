import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RpcError } from '../run-service.ts';
import { overloaded } from './error-details.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { keptCode } from '../testing/kept-code.ts';
import { RETRYING, TestWorld, spiffe } from '../testing/world.ts';

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
      env: {
        ...keptCode(),
        SERVICE_BINDING_ROOT: 'bindings',
        MERIDIAN_SERVICE_FILE: 'config/service.json',
      },
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
    const { client } = await world.client(
      replicas.map(({ port }) => port),
      { configuration: RETRYING },
    );
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

  test('a stopped one, which keeps its connections, costs no read its deadline', async () => {
    const replicas = await Promise.all([replica(), replica()]);
    const { client } = await world.client(
      replicas.map(({ port }) => port),
      { configuration: RETRYING },
    );
    const read = () => client.unary(echo, { text: 'x' }, { timeoutMs: 5_000 });
    await eventually(read);
    replicas[0].child.kill('SIGSTOP');
    // What it is asked is asked of the other too, and then it is asked less than that.
    const readers = Array.from({ length: 8 }, async () => {
      for (let index = 0; index < 100; index++) await read();
    });
    await Promise.all(readers);
    replicas[0].child.kill('SIGCONT');
  }, 40_000);
});

describe('a call that fails', () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await TestWorld.create();
  });
  afterEach(() => world.close());

  /** A server that is never available, a client of it, and how often it was asked. */
  async function away(
    configuration: Readonly<Record<string, unknown>>,
    error: () => RpcError = () => new RpcError('UNAVAILABLE', 'try again'),
  ) {
    const calls = { count: 0 };
    const refuse = (): never => {
      calls.count++;
      throw error();
    };
    const server = await world.serve({ once: refuse, echo: refuse });
    return { calls, ...(await world.client([server.port], { configuration })) };
  }

  test('is sent again by the edge service only, and only where that does no harm', async () => {
    const edge = await away(RETRYING);
    await expect(edge.client.unary(once, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(edge.calls.count).toBe(1);
    await expect(edge.client.unary(echo, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(edge.calls.count).toBe(4);
    const inner = await away({});
    await expect(inner.client.unary(echo, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(inner.calls.count).toBe(1);
  });

  test('is sent again within one budget of all calls, which is counted', async () => {
    const { client, calls, runtime } = await away(RETRYING);
    const sent = 400;
    await Promise.allSettled(Array.from({ length: sent }, () => client.unary(echo, {})));
    const metrics = await runtime.metrics.registry.metrics();
    const retries = (outcome: string): number =>
      Number(
        new RegExp(`^rpc_client_retries_total{.*"${outcome}"} (\\d+)$`, 'm').exec(metrics)?.[1],
      );
    const again = retries('sent_again') + (retries('sent_beside') || 0);
    expect([again, calls.count]).toEqual([sent / 10, sent + sent / 10]);
    expect(retries('budget_spent')).toBeGreaterThan(0);
  });

  test('is not sent again when there is no time, or the peer asks for more than that', async () => {
    const { client, calls } = await away(RETRYING);
    await expect(client.unary(echo, {}, { timeoutMs: 90 })).rejects.toThrow();
    expect(calls.count).toBeLessThanOrEqual(1);
    const full = await away(RETRYING, () => overloaded('full', 1));
    await expect(full.client.unary(echo, {})).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect(full.calls.count).toBe(1);
  });

  test('is not sent again after its caller has left', async () => {
    const { client, calls } = await away(RETRYING);
    const left = new AbortController();
    const call = client.unary(echo, {}, { signal: left.signal });
    left.abort();
    await expect(call).rejects.toMatchObject({ status: 'CANCELLED' });
    expect(calls.count).toBeLessThanOrEqual(1);
  });

  test('is UNAVAILABLE when this process closed its client before, or between two attempts', async () => {
    const { client } = await away(RETRYING);
    const between = client.unary(echo, {});
    client.close();
    const after = client.unary(echo, {});
    for (const outcome of await Promise.allSettled([between, after])) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { status: 'UNAVAILABLE' } });
    }
  });
});
