import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { PREVIEW_SHARE_FILE } from '@meridian/language/process-folder.ts';
import { GatewayWorld } from '../testing/gateway-world.ts';
import type { TestGateway } from '../testing/gateway-world.ts';
import { positionOf } from './preview-share.ts';

const ADDRESSES = Array.from({ length: 200 }, (_, index) => `192.0.2.${index}`);

/** Callers in the order in which a growing share takes them. */
const inOrder = ADDRESSES.toSorted(
  (left, right) => positionOf(`address ${left}`) - positionOf(`address ${right}`),
);

describe('two releases of a service behind a gateway', () => {
  let world: GatewayWorld;
  let gateway: TestGateway;

  beforeEach(async () => {
    world = await GatewayWorld.create();
  });
  afterEach(() => world.close());

  /** A release of the service that answers with its name. */
  const release = (name: string) =>
    world.startThings({ getThing: ({ thingId }) => ({ thing: { thingId, name } }) });

  /** Swaps a file of the gateway's, as an agent and Kubernetes do. */
  function swap(file: string, text: string): void {
    const path = join(gateway.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }

  const share = (percent: number): void => swap(PREVIEW_SHARE_FILE, String(percent));
  const bindPreview = (ports: readonly number[]): void => {
    swap('bindings/things/preview-addresses', ports.map((port) => `127.0.0.1:${port}\n`).join(''));
    swap('bindings/things/preview-uri', 'addresses:things/preview-addresses');
  };

  async function asks(
    address: string | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const answer = await world.request(gateway, 'GET', '/v1/things/a', {
      'x-forwarded-for': address ?? '',
      ...headers,
    });
    expect(answer.status).toBe(200);
    return (JSON.parse(answer.body) as { readonly name: unknown }).name;
  }

  test('get the callers that the share says, and it is changed without a restart', async () => {
    const [active, preview] = [await release('active'), await release('preview')];
    gateway = await world.startGateway([active.port]);
    const [first, middle, last] = [inOrder[0], inOrder[100], inOrder[199]];
    bindPreview([preview.port]);
    expect(await asks(first)).toBe('active');
    share(100);
    await eventually(async () => expect(await asks(last)).toBe('preview'));
    share(30);
    await eventually(async () => expect(await asks(last)).toBe('active'));
    for (let round = 0; round < 5; round++) {
      expect(await asks(first)).toBe('preview');
      expect(await asks(middle)).toBe('active');
    }
    share(0);
    await eventually(async () => expect(await asks(first)).toBe('active'));
  });

  test('are one again when the preview goes: its callers are answered by the active one', async () => {
    const [active, preview] = [await release('active'), await release('preview')];
    gateway = await world.startGateway([active.port]);
    share(100);
    bindPreview([]);
    for (const address of ADDRESSES.slice(0, 10)) expect(await asks(address)).toBe('active');
    bindPreview([preview.port]);
    await eventually(async () => expect(await asks(inOrder[0])).toBe('preview'));
    await preview.runtime.stop();
    for (const address of ADDRESSES.slice(0, 10)) expect(await asks(address)).toBe('active');
  });

  test('are not chosen between by what a client sends', async () => {
    const [active, preview] = [await release('active'), await release('preview')];
    gateway = await world.startGateway([active.port]);
    share(100);
    bindPreview([preview.port]);
    await eventually(async () => expect(await asks(inOrder[0])).toBe('preview'));
    share(0);
    await eventually(async () => expect(await asks(inOrder[0])).toBe('active'));
    const forged = {
      'meridian-colour': 'preview',
      'grpc-metadata-meridian-colour': 'preview',
      baggage: 'meridian-colour=preview',
    };
    expect(await asks(inOrder[0], forged)).toBe('active');
    share(100);
    await eventually(async () => expect(await asks(inOrder[0])).toBe('preview'));
    expect(await asks(inOrder[0], { 'meridian-colour': 'active' })).toBe('preview');
  });
});
