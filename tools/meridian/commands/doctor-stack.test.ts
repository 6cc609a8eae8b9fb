import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { stackNeeds } from '../../doctor/stack-needs.ts';
import type { AwsStack, StackNeeds } from '../../doctor/stack-needs.ts';
import { cloudsStandIn } from '../../doctor/testing/clouds-stand-in.ts';
import { dnsStandIn } from '../../doctor/testing/dns-stand-in.ts';
import { goodClouds, ZONE_SERVERS } from '../../doctor/testing/good-clouds.ts';
import { clusterStack } from '../cluster-stack.ts';
import { outputProblems } from '../output/testing/output-problems.ts';
import { doctor } from './doctor.ts';
import { doctorStack } from './doctor-stack.ts';

let printed: string;

beforeEach(() => {
  jest.replaceProperty(process, 'env', {
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'a-secret-key-of-nobody',
    HOME: '/nonexistent',
  });
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function needsOf(size: string): Promise<StackNeeds> {
  const { settings, lowered } = await clusterStack('prod', { 'meridian:size': size });
  if (settings.landing !== 'aws') throw new Error('prod is on AWS');
  return stackNeeds(settings, lowered as AwsStack);
}

test('what production needs follows from what is lowered of it', async () => {
  expect(await needsOf('small')).toMatchObject({
    ...{ addresses: 3, networks: 1, balancers: 1, clusterName: 'meridian-prod' },
    nodes: { type: 'm7g.large', count: 12 },
    postgres: { type: 'db.m6gd.large', count: 3, version: '17' },
    redis: { type: 'cache.t4g.small', count: 3, engine: 'valkey' },
    kafka: { type: 'kafka.m7g.large', count: 3, version: '3.9.x.kraft' },
    secrets: ['meridian-prod/cloudflare-api-token', 'meridian-prod/pager-keys'],
  });
  expect(await needsOf('standard')).toMatchObject({ nodes: { type: 'm7g.xlarge', count: 24 } });
});

test('the command tells of production, as people and as scripts read it, and ends by what is wrong', async () => {
  const needs = await needsOf('small');
  const clouds = goodClouds(needs);
  using good = await cloudsStandIn(clouds);
  using without = await cloudsStandIn({ ...clouds, DescribeSecret: () => ({ body: {} }) });
  using dns = await dnsStandIn(ZONE_SERVERS);
  const ask = async (url: string, json: boolean): Promise<number> => {
    process.env['AWS_ENDPOINT_URL'] = url;
    const environment = { CLOUDFLARE_API_TOKEN: 'a-token-of-nobody', CLOUDFLARE_BASE_URL: url };
    return await doctorStack({ stack: 'prod', json }, { environment, resolvers: [dns.resolver] });
  };
  expect(await ask(good.url, false)).toBe(0);
  expect(printed).toMatch(/Stack 'prod'.*nothing was changed[^]*NOT CHECKED[^]*AS IT MUST BE/);
  expect(printed).not.toMatch(/WRONG|of-nobody/);
  printed = '';
  expect(await ask(without.url, true)).toBe(1);
  expect(outputProblems('doctor', printed)).toBe('');
  expect(JSON.parse(printed)).toMatchObject({
    stack: 'prod',
    answers: expect.arrayContaining([
      expect.objectContaining({ outcome: 'failed', about: "Secret 'meridian-prod/pager-keys'" }),
    ]) as unknown,
  });
});

test.each([
  [{ stack: 'staging' }, /must be a stack in an account of AWS, got 'staging'/],
  [{ stack: 'prod', telemetry: true }, /must be for the engines of this machine, got stack 'prod'/],
])('options that do not go together, %j, are refused', async (options, message) => {
  await expect(doctor(options)).rejects.toMatchObject({
    code: 'DOCTOR_OPTION_UNUSABLE',
    message: expect.stringMatching(message) as unknown,
  });
});
