import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { IdentityService } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import { idempotencyKeyOf } from './http/idempotency-key.ts';
import { expectProblem } from './testing/expect-problem.ts';
import { GatewayWorld } from './testing/gateway-world.ts';
import type { TestGateway } from './testing/gateway-world.ts';
import type { RawResponse } from './testing/raw-client.ts';
import { compose, sendRaw } from './testing/raw-client.ts';

let world: GatewayWorld;
let gateway: TestGateway;
let keys: unknown[] = [];

beforeAll(async () => {
  world = await GatewayWorld.create();
  world.handlers['createThing'] = ({ thing }, { metadata }) => {
    keys = metadata.get('idempotency-key');
    return thing;
  };
  world.handlers['getThing'] = (_request, { metadata }) => {
    keys = metadata.get('idempotency-key');
    return { thing: {} };
  };
  const { port } = await world.startThings();
  gateway = await world.startGateway([port]);
}, 60_000);
afterAll(async () => {
  await world.close();
});

const post = (key: string): Promise<RawResponse> => {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return world.request(gateway, 'POST', '/v1/things', headers, '{}');
};

describe('an idempotency key', () => {
  test.each([
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"k"', 'k'],
    [' "k" ', 'k'],
    [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
    [`"${'k'.repeat(64)}"`, 'k'.repeat(64)],
  ])('%s goes on to the service', async (given, expected) => {
    expect((await post(given)).status).toBe(200);
    expect(keys).toEqual([expected]);
  });

  test.each([
    ['k'],
    ['""'],
    [`"${'k'.repeat(65)}"`],
    ['"a b"'],
    ['"a'],
    [String.raw`"a\b"`],
    ['"a";p=1'],
    ['"a", "b"'],
    ['1'],
    [':YQ==:'],
    ["'a'"],
    ['"é"'],
    ['"a"b"'],
  ])('%s is refused', async (given) => {
    expectProblem(await post(given), 'malformed-request');
  });

  test('twice is refused', async () => {
    const text = compose(
      'POST',
      '/v1/things',
      { 'content-type': 'application/json' },
      '{}',
    ).replace('\r\n\r\n', '\r\nidempotency-key: "a"\r\nIdempotency-Key: "b"\r\n\r\n');
    expectProblem(await sendRaw(world.edge(gateway), [text]), 'malformed-request');
  });

  test('is nothing to a method that may be repeated anyway, whatever it says', () => {
    const { getProduct } = CatalogService.method;
    const { createAccount } = IdentityService.method;
    expect(idempotencyKeyOf('"k"', getProduct)).toBeUndefined();
    expect(idempotencyKeyOf('no key', getProduct)).toBeUndefined();
    expect(idempotencyKeyOf(undefined, createAccount)).toBeUndefined();
    expect(idempotencyKeyOf('"k"', createAccount)).toBe('k');
  });

  test('is not needed', async () => {
    const json = { 'content-type': 'application/json' };
    expect((await world.request(gateway, 'POST', '/v1/things', json, '{}')).status).toBe(200);
    expect(keys).toEqual([]);
  });
});
