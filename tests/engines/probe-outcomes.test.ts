import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { EdgeClient, outcomeOf } from '@meridian/watch/probe/edge-client.ts';
import { failure, GatewayWorld } from '../../services/gateway/testing/gateway-world.ts';
import { startEdge } from './envoy.ts';

test('a probe tells what the platform answers from what Envoy does that finds no gateway, or is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-outcomes-'));
  const world = await GatewayWorld.create();
  try {
    const things = await world.startThings();
    const gateway = await world.startGateway([things.port]);
    const upstream = { address: '127.0.0.1', port: gateway.port };
    const edge = await startEdge(world.kit.authority, [upstream]);
    const caFile = join(folder, 'ca.crt');
    writeFileSync(caFile, String(edge.user.ca));
    const url = new URL(`https://${edge.user.host}:${edge.user.port}`);
    const client = new EdgeClient({ url, caFile, connectTo: undefined }, { timeoutMs: 10_000 });
    const outcome = async (path: string) => outcomeOf(await client.send({ method: 'GET', path }));

    world.handlers['listThings'] = () => ({});
    expect(await outcome('/v1/things')).toBe('ok');
    expect(await outcome('/v1/nothing')).toBe('refused');
    world.handlers['listThings'] = () => {
      throw failure('UNAVAILABLE', 'away for a moment');
    };
    expect(await outcome('/v1/things')).toBe('failed');
    await edge.lead([]);
    await eventually(async () => expect(await outcome('/v1/things')).toBe('unreachable'));
    await edge[Symbol.asyncDispose]();
    await expect(outcome('/v1/things')).rejects.toThrow('ECONNREFUSED');
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
