import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { compose, sendRaw } from '../../services/gateway/testing/raw-client.ts';
import { startEdge } from './envoy.ts';
import type { ThrowAwayEdge } from './envoy.ts';
import { GatewayStandIn } from './gateway-stand-in.ts';

let authority: TestAuthority;
let old: readonly GatewayStandIn[];
let fresh: GatewayStandIn;
let edge: ThrowAwayEdge;

beforeAll(async () => {
  authority = await TestAuthority.create();
  old = await Promise.all([1, 2, 3].map(() => GatewayStandIn.start(authority)));
  fresh = await GatewayStandIn.start(authority);
  edge = await startEdge(
    authority,
    old.map(({ upstream }) => upstream),
  );
});
afterAll(async () => {
  await edge[Symbol.asyncDispose]();
  await Promise.all([...old, fresh].map((gateway) => gateway[Symbol.asyncDispose]()));
});

describe('the gateways behind a running edge', () => {
  test('are others at once, one that was never asked for its health, and nothing is lost', async () => {
    const statuses: number[] = [];
    let asking = true;
    const ask = async (): Promise<void> => {
      while (asking) {
        const [answer] = await Promise.all([
          sendRaw(edge.user, [compose('GET', '/v1/products')]),
          delay(5),
        ]);
        statuses.push(answer.status);
      }
    };
    const readers = [ask(), ask(), ask()];
    await eventually(() => expect(statuses.length).toBeGreaterThan(20));
    await edge.lead([fresh.upstream]);
    await eventually(() => expect(fresh.requests.length).toBeGreaterThan(20));
    const before = old.map(({ requests }) => requests.length);
    const answered = statuses.length;
    await eventually(() => expect(statuses.length).toBeGreaterThan(answered + 20));
    asking = false;
    await Promise.all(readers);
    expect(old.map(({ requests }) => requests.length)).toEqual(before);
    expect([...new Set(statuses)]).toEqual([200]);
  });
});
