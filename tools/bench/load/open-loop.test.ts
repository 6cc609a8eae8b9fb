import { once } from 'node:events';
import { createServer } from 'node:https';
import type { RequestListener, Server } from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import type { Issued } from '@meridian/kit/testing/authority.ts';
import { openLoop } from './open-loop.ts';

describe('an open loop', () => {
  let identity: Issued;
  let server: Server | undefined;
  beforeAll(async () => {
    const authority = await TestAuthority.create();
    identity = await authority.issue({ addresses: ['127.0.0.1'] });
  });
  afterEach(() => {
    server?.close();
    server = undefined;
  });

  async function serve(answer: RequestListener): Promise<string> {
    const { key, cert } = identity;
    const listening = createServer({ key, cert }, answer).listen(0, '127.0.0.1');
    server = listening;
    await once(listening, 'listening');
    const address = listening.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    return `https://127.0.0.1:${address.port}`;
  }

  const load = { path: '/', ratePerSecond: 100, seconds: 0.5, connections: 2 };

  test('sends what is due and counts what is answered', async () => {
    let asked = 0;
    const origin = await serve((_request, response) => {
      asked += 1;
      response.end('answer');
    });
    const answers = await openLoop({ ...load, origin, ca: identity.ca });
    expect(answers).toMatchObject({ sent: 50, answered: 50, failures: {} });
    expect(asked).toBe(50);
  });

  test('tells failures by status, and by the code of a connection that fails', async () => {
    const origin = await serve((_request, response) => {
      response.statusCode = 503;
      response.end();
    });
    expect(await openLoop({ ...load, origin, ca: identity.ca })).toMatchObject({
      answered: 0,
      failures: { 503: 50 },
    });
    server?.close();
    const { answered, failures } = await openLoop({
      ...load,
      origin: 'https://127.0.0.1:9',
      ca: identity.ca,
    });
    expect([answered, failures]).toEqual([0, { ECONNREFUSED: 50 }]);
  });

  test('charges a stall to every request that was due meanwhile', async () => {
    // The server answers nothing until all requests have come; two connections carry two at a time.
    const held: (() => void)[] = [];
    let isOpen = false;
    const origin = await serve((_request, response) => {
      const answer = (): unknown => response.end();
      if (isOpen) answer();
      else held.push(answer);
      if (held.length === load.connections) {
        setTimeout(() => {
          isOpen = true;
          held.forEach((one) => one());
        }, 400);
      }
    });
    const { latencyMs, answered } = await openLoop({ ...load, origin, ca: identity.ca });
    expect(answered).toBe(50);
    // A closed loop would have seen two slow answers of 50, and a median of a fast one.
    expect(latencyMs.p50).toBeGreaterThan(latencyMs.max / 10);
  });
});
