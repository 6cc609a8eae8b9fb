import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { iamToken } from './iam-token.ts';

/** Stands in for the agent of EKS Pod Identity, as the pod's environment names it. */
const agent = createServer((request, response) => {
  asked.push(request.headers.authorization);
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      AccessKeyId: 'ASIAEXAMPLE',
      SecretAccessKey: 'of-nobody',
      Token: 'session-of-nobody',
      AccountId: '111122223333',
      // Sooner than a token ends: of these the signer would make a fraction of seconds.
      Expiration: new Date(Date.now() + 100_500).toISOString(),
    }),
  );
});
const asked: unknown[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
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

test('a token is a request to connect, signed by the role that the pod has, for a whole number of seconds', async () => {
  const url = new URL(Buffer.from(await iamToken('eu-central-1'), 'base64url').toString());
  expect(asked).toEqual(['token-of-the-pod']);
  expect(url.host).toBe('kafka.eu-central-1.amazonaws.com');
  const signed = Object.fromEntries(url.searchParams);
  expect(signed).toMatchObject({
    Action: 'kafka-cluster:Connect',
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'session-of-nobody',
    'X-Amz-Credential': expect.stringMatching(
      /^ASIAEXAMPLE\/\d{8}\/eu-central-1\/kafka-cluster\/aws4_request$/,
    ),
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});
