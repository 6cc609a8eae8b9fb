import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { spiffe } from '@meridian/kit/testing/world.ts';
import { serveGateway } from './gateway.ts';
import { GatewayWorld, RATE_LIMITS } from './testing/gateway-world.ts';

let world: GatewayWorld;
beforeAll(async () => {
  world = await GatewayWorld.create();
});
afterAll(() => world.close());

test('a gateway signs contexts with no key but its own', async () => {
  const loopback = { address: '127.0.0.1', port: 0 };
  const folder = await world.kit.prepare('gateway', {
    listen: loopback,
    ops: loopback,
    allow: { '*': [spiffe('edge')] },
    rateLimits: RATE_LIMITS,
  });
  await world.kit.issueSigningKey(folder, 'context-signing', 'identity');
  const { runtime } = await world.kit.start(folder);
  await expect(serveGateway(runtime, { services: [], comments: {} })).rejects.toThrow(
    `context-signing: must be for ${spiffe('gateway')}, got ${spiffe('identity')}`,
  );
});

test('the key of contexts shows in metrics and readiness as certificates do', async () => {
  const { runtime, folder } = await world.startGateway(undefined);
  const { metrics, readiness } = runtime;
  expect(await metrics.registry.metrics()).toMatch(
    /^tls_certificate_not_after_seconds\{folder="context-signing"\} [0-9]+/m,
  );
  expect((await readiness.report()).checks).toMatchObject({ 'signing key context-signing': 'ok' });
  const expired = await world.kit.authority.issue({
    uris: [spiffe('gateway')],
    signs: true,
    lifetimeMs: -1_000,
  });
  writeIdentity(join(folder, 'context-signing'), expired);
  await eventually(async () => {
    expect((await readiness.report()).ready).toBe(false);
  });
});
