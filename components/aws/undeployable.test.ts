import { describe, expect, test } from '@jest/globals';
import type { AwsSettings } from './aws-settings.ts';
import { sampleAwsSettings } from '../testing/sample-aws.ts';
import { awsProblems } from './undeployable.ts';

const examples = { account: '111122223333', zoneId: '0'.repeat(32), host: 'meridian.example' };
/** Of an authority that ends on 3 January 2030, made for this test alone. */
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUNwhQFJA/c0Zkpk2x6ID7lmAhR6IwCgYIKoZIzj0EAwIw
IzEhMB8GA1UEAwwYT3JpZ2luIHB1bGxzIG9mIGEgc2FtcGxlMB4XDTI2MTEyOTAy
MDgzMloXDTMwMDEwMzAyMDgzMlowIzEhMB8GA1UEAwwYT3JpZ2luIHB1bGxzIG9m
IGEgc2FtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+AaTMnCoLjtBYIzi
K3pweLt+Rr+mAIRqToeWNy2Y0CtzpvWFbbwF/d0yIRwRhy7HEAaj5KSogYPoZYBJ
CykQDaNTMFEwHQYDVR0OBBYEFE31XrFr/z3DvaxrfdUGxw0BVLVpMB8GA1UdIwQY
MBaAFE31XrFr/z3DvaxrfdUGxw0BVLVpMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSQAwRgIhAMh2Re8F2aT/MX3zI0XojlCpg2zJQvBMQYfFNwuTlJsBAiEA
/SB85l7KmRGAd/nalY56bd7H93QGknrEDznwTYnJinA=
-----END CERTIFICATE-----`;
const NOW = Date.parse('2029-06-01');

const own: AwsSettings = {
  ...sampleAwsSettings,
  edge: { host: 'shop.sample.example', canaryPercent: 0 },
  aws: {
    ...sampleAwsSettings.aws,
    account: '444455556666',
    nodeRelease: '1.36.2-20261120',
    cloudflare: {
      ...sampleAwsSettings.aws.cloudflare,
      zoneId: '1'.repeat(32),
      accountId: '2'.repeat(32),
      originPullAuthorities: [AUTHORITY],
    },
  },
};
const problems = (settings: AwsSettings, environment = {}, now = NOW) =>
  awsProblems(settings, examples, { environment, now });

describe('a deployment to AWS', () => {
  test('is not refused for values of its own', () => {
    expect(problems(own)).toEqual([]);
  });

  test('is refused without a release of what nodes run, which nobody would have reviewed', () => {
    const { nodeRelease, ...aws } = own.aws;
    expect(nodeRelease).toBeDefined();
    expect(problems({ ...own, aws })).toEqual([
      expect.stringMatching(/^Setting 'meridian:nodeRelease': must say which release/),
    ]);
    const existingCluster = {
      ...{ name: 'theirs', endpoint: 'https://theirs.example', certificateAuthority: 'AA==' },
      ...{ securityGroupId: 'sg-1', serviceNetwork: '172.20.0.0/16' },
    };
    expect(problems({ ...own, aws: { ...aws, existingCluster } })).toEqual([]);
    expect(problems(own, { RUNNER_ENVIRONMENT: 'self-hosted' })).toEqual([]);
  });

  test('is refused for every value of examples, and without an authority for Cloudflare, at once', () => {
    const settings = {
      ...sampleAwsSettings,
      edge: { host: 'meridian.example', canaryPercent: 0 },
    };
    expect(problems(settings).map((problem) => problem.split("'")[1])).toEqual([
      'aws:allowedAccountIds',
      'meridian:cloudflareZoneId',
      'meridian:cloudflareAccountId',
      'meridian:host',
      'meridian:nodeRelease',
      'meridian:originPullAuthorities',
    ]);
  });

  test('is refused from a runner that the API of the cluster does not answer', () => {
    const environment = { RUNNER_ENVIRONMENT: 'github-hosted' };
    expect(problems(own, environment)).toEqual([
      expect.stringMatching(
        /^Setting 'meridian:apiAccess': must name networks that the runner is in/,
      ),
    ]);
    const open = { ...own, aws: { ...own.aws, api: { publicFrom: ['203.0.113.0/24'] } } };
    expect(problems(open, environment)).toEqual([]);
  });

  test('is refused with an authority that ends soon', () => {
    expect(problems(own, {}, Date.parse('2029-12-25'))).toEqual([
      expect.stringMatching(/^Setting 'meridian:originPullAuthorities': must be valid for 14 days/),
    ]);
  });
});
