import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openClient } from '../clients.ts';
import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  Health,
} from '../health/gen/grpc/health/v1/health_pb.js';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld, spiffe } from '../testing/world.ts';
import type { TestProcess } from '../testing/world.ts';
import { REPORT_MAX_AGE_MS, Readiness } from './readiness.ts';

describe('health and readiness', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await TestWorld.create();
  });
  afterAll(() => world.close());

  function get(process: TestProcess, path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${process.runtime.ops?.port ?? 0}${path}`);
  }

  test('a server that listens is alive and ready; nothing else is served', async () => {
    const server = await world.serve();
    expect((await get(server, '/healthz')).status).toBe(200);
    const ready = await get(server, '/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      status: 'ready',
      checks: { process: 'ok', 'certificate tls': 'ok' },
    });
    expect((await get(server, '/')).status).toBe(404);
  });

  test('a process is not ready before it serves', async () => {
    const folder = await world.prepare('early', { ops: { address: '127.0.0.1', port: 0 } });
    const process = await world.start(folder);
    const response = await get(process, '/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { process: 'starting' } });
  });

  test('a failing check makes it unready, says why, and leaves it alive', async () => {
    const server = await world.serve();
    let down = true;
    server.runtime.readiness.add('database echo', () => {
      if (down) throw new Error('the database is unavailable');
    });
    const response = await get(server, '/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      checks: { 'database echo': 'the database is unavailable' },
    });
    expect((await get(server, '/healthz')).status).toBe(200);
    down = false;
    await eventually(async () => expect((await get(server, '/readyz')).status).toBe(200));
  });

  test('what works without something says that it is degraded, and gets its traffic', async () => {
    const server = await world.serve();
    server.runtime.readiness.add(
      'cache echo',
      () => {
        throw new Error('redis is away');
      },
      'degrading',
    );
    const response = await get(server, '/readyz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'degraded',
      checks: { process: 'ok', 'certificate tls': 'ok', 'cache echo': 'redis is away' },
    });
    const metrics = await (await get(server, '/metrics')).text();
    expect(metrics).toContain('readiness_status{status="degraded"} 1');
    expect(metrics).toContain('readiness_status{status="ready"} 0');
    const folder = await world.prepare('prober');
    world.bind(folder, [server.port]);
    const health = openClient((await world.start(folder)).runtime, 'echo', Health);
    expect(await health.unary(Health.method.check, {})).toMatchObject({
      status: ServingStatus.SERVING,
    });
  });

  test('what the failure of a check costs is asked when it fails', async () => {
    const readiness = new Readiness();
    readiness.serving();
    let standsIn = true;
    const fails = (): void => {
      throw new Error('away');
    };
    readiness.add('database', fails, () => (standsIn ? 'degrading' : 'required'));
    expect(await readiness.report()).toMatchObject({ status: 'degraded', ready: true });
    standsIn = false;
    await eventually(async () => {
      expect(await readiness.report()).toMatchObject({ status: 'unready', ready: false });
    });
    readiness.draining();
    expect(await readiness.report()).toMatchObject({ status: 'unready' });
  });

  test('a check that hangs has failed, and probes do not pile up', async () => {
    const readiness = new Readiness();
    readiness.serving();
    let runs = 0;
    readiness.add('hanging', () => {
      runs++;
      return new Promise(() => undefined);
    });
    const reports = await Promise.all([readiness.report(), readiness.report()]);
    expect(reports[0]).toMatchObject({
      ready: false,
      checks: { hanging: 'no answer within 1000 ms' },
    });
    expect(runs).toBe(1);
  });

  test('an expired certificate makes it unready', async () => {
    const identity = await world.authority.issue({ uris: [spiffe('echo')], lifetimeMs: 1_000 });
    const server = await world.serve({}, {}, identity);
    await eventually(async () => {
      const response = await get(server, '/readyz');
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('expired at');
    });
  });

  test('gRPC health says the same to any service of the platform', async () => {
    const server = await world.serve();
    const folder = await world.prepare('prober');
    world.bind(folder, [server.port]);
    const prober = await world.start(folder);
    const health = openClient(prober.runtime, 'echo', Health);
    const check = async (service: string): Promise<ServingStatus> =>
      (await health.unary(Health.method.check, { service })).status;
    expect(await check('')).toBe(ServingStatus.SERVING);
    expect(await check(EchoService.typeName)).toBe(ServingStatus.SERVING);
    await expect(check('meridian.other.v1.OtherService')).rejects.toMatchObject({
      status: 'NOT_FOUND',
    });
    const seen: ServingStatus[] = [];
    const watching = (async () => {
      const watch = health.serverStreaming(Health.method.watch, {}, { timeoutMs: 20_000 });
      for await (const { status } of watch) seen.push(status);
    })();
    await eventually(() => expect(seen).toEqual([ServingStatus.SERVING]));
    await delay(REPORT_MAX_AGE_MS);
    await server.runtime.stop();
    await watching;
    expect(seen).toEqual([ServingStatus.SERVING, ServingStatus.NOT_SERVING]);
  });
});
