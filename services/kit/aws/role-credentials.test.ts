import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { roleCredentials } from './role-credentials.ts';

const NOW = Date.parse('2026-11-29T06:00:00Z');
const END = new Date(NOW + 3_600_000);
let asked = 0;

/** Stands in for the agent of EKS Pod Identity. */
const agent = createServer((request, response) => {
  asked += 1;
  if (request.headers.authorization !== 'token-of-the-pod') response.statusCode = 401;
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      AccessKeyId: `ASIA${asked}`,
      SecretAccessKey: 'of-nobody',
      Token: 'session-of-nobody',
      Expiration: END.toISOString(),
    }),
  );
});

beforeAll(async () => {
  agent.listen(0, '127.0.0.1');
  await once(agent, 'listening');
  const { port } = agent.address() as AddressInfo;
  process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = `http://127.0.0.1:${port}/v1/credentials`;
  process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN'] = 'token-of-the-pod';
});

afterAll(() => {
  agent.close();
  agent.closeAllConnections();
  delete process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  delete process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
});

test('credentials of a role are kept until shortly before their end, and then asked for again', async () => {
  let now = NOW;
  const credentials = roleCredentials(() => now);
  const first = await credentials();
  expect(first).toEqual({
    accessKeyId: 'ASIA1',
    secretAccessKey: 'of-nobody',
    sessionToken: 'session-of-nobody',
  });
  now = END.getTime() - 300_001;
  expect(await credentials()).toBe(first);
  now = END.getTime() - 300_000;
  expect(await credentials()).toMatchObject({ accessKeyId: 'ASIA2' });
  expect(asked).toBe(2);
});
