import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { roleCredentials } from './role-credentials.ts';
import { PodIdentityStandIn } from './testing/pod-identity-stand-in.ts';

const NOW = Date.parse('2026-11-29T06:00:00Z');
const END = new Date(NOW + 3_600_000);
let agent: PodIdentityStandIn;

beforeAll(async () => {
  agent = await PodIdentityStandIn.start((request) => ({
    AccessKeyId: `ASIA${request}`,
    SecretAccessKey: 'of-nobody',
    Token: 'session-of-nobody',
    Expiration: END.toISOString(),
  }));
});

afterAll(async () => {
  await agent[Symbol.asyncDispose]();
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
  expect(agent.asked).toHaveLength(2);
});
