import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PodIdentityStandIn } from '../aws/testing/pod-identity-stand-in.ts';
import { iamToken } from './iam-token.ts';

let agent: PodIdentityStandIn;

beforeAll(async () => {
  agent = await PodIdentityStandIn.start(() => ({
    AccessKeyId: 'ASIAEXAMPLE',
    SecretAccessKey: 'of-nobody',
    Token: 'session-of-nobody',
    AccountId: '111122223333',
    // Sooner than a token ends: of these the signer would make a fraction of seconds.
    Expiration: new Date(Date.now() + 100_500).toISOString(),
  }));
});

afterAll(async () => {
  await agent[Symbol.asyncDispose]();
});

test('a token is a request to connect, signed by the role that the pod has, for a whole number of seconds', async () => {
  const url = new URL(Buffer.from(await iamToken('eu-central-1'), 'base64url').toString());
  expect(agent.asked).toEqual(['token-of-the-pod']);
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
