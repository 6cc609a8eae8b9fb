import { once } from 'node:events';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spiffe } from '@meridian/kit/testing/world.ts';
import { GatewayWorld } from './testing/gateway-world.ts';
import type { TestGateway } from './testing/gateway-world.ts';
import { compose, sendRaw } from './testing/raw-client.ts';

let world: GatewayWorld;
let gateway: TestGateway;

beforeAll(async () => {
  world = await GatewayWorld.create();
  const things = await world.startThings();
  world.handlers['listThings'] = () => ({});
  gateway = await world.startGateway([things.port], { callTimeoutMs: 400 });
});
afterAll(async () => {
  await world.close();
});
describe('who may connect', () => {
  const hello = [compose('GET', '/v1/things')];

  test('the edge may', async () => {
    expect((await sendRaw(world.edge(gateway), hello)).status).toBe(200);
  });

  test('another service of the platform may not', async () => {
    const other = await world.kit.authority.issue({ uris: [spiffe('catalog')] });
    await expect(sendRaw({ ...world.edge(gateway), ...other }, hello)).rejects.toThrow();
    expect(gateway.lines).toContainEqual(
      expect.objectContaining({ peer: spiffe('catalog'), level: 'warn' }),
    );
  });

  test('a certificate with two SPIFFE IDs may not', async () => {
    const both = await world.kit.authority.issue({ uris: [spiffe('edge'), spiffe('catalog')] });
    await expect(sendRaw({ ...world.edge(gateway), ...both }, hello)).rejects.toThrow();
  });

  test('an expired certificate may not', async () => {
    const expired = await world.kit.authority.issue({ uris: [spiffe('edge')], lifetimeMs: -1_000 });
    await expect(sendRaw({ ...world.edge(gateway), ...expired }, hello)).rejects.toThrow();
  });

  test('the edge of another platform may not', async () => {
    const foreign = await GatewayWorld.create();
    const { cert, key } = await foreign.kit.authority.issue({ uris: [spiffe('edge')] });
    await foreign.close();
    await expect(sendRaw({ ...world.edge(gateway), cert, key }, hello)).rejects.toThrow();
  });

  test('who shows no certificate may not', async () => {
    const { host, port, ca } = world.edge(gateway);
    await expect(sendRaw({ host, port, ca }, hello)).rejects.toThrow();
  });

  test('TLS 1.2 is refused', async () => {
    const old = { ...world.edge(gateway), maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' } as const;
    await expect(sendRaw(old, hello)).rejects.toThrow(/version|alert/i);
  });

  test('a session cannot be resumed', async () => {
    const open = async (session?: Buffer): Promise<TLSSocket> => {
      const socket = connect({
        ...world.edge(gateway),
        checkServerIdentity: () => undefined,
        session,
      });
      await once(socket, 'secureConnect');
      return socket;
    };
    const tickets: Buffer[] = [];
    const first = await open();
    first.on('session', (ticket) => tickets.push(ticket));
    first.resume().write(compose('GET', '/v1/things'));
    await once(first, 'close');
    const second = await open(tickets.at(-1));
    expect(second.isSessionReused()).toBe(false);
    second.destroy();
  });
});
