import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ask, environmentOfNobody, fault, texts, xml, zone, zoneId } from './testing/ask-sample.ts';
import { needsWithoutNodes, sampleNeeds } from './testing/sample-needs.ts';

beforeEach(() => {
  jest.replaceProperty(process, 'env', { ...environmentOfNobody });
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('clouds that have all that a stack needs', () => {
  test('are told as that, with what no call could say', async () => {
    const told = await ask();
    expect(texts(told, 'failed')).toEqual([]);
    expect(texts(told, 'unchecked')).toEqual([
      expect.stringMatching(/^Valkey .*no API of ElastiCache says which zones/),
      expect.stringMatching(/^Kafka .*no API of MSK says which types/),
      expect.stringMatching(/^What the deploy role may do: /),
      expect.stringMatching(/^Capacity of zones: /),
    ]);
    expect(texts(told, 'passed')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Account '111122223333': is the one of arn:aws:sts::/),
        "Zone 'a': is 'us-east-1a', in this account 'use1-az4'",
        'Quota of processors of nodes (Running On-Demand Standard instances, vCPUs): is 100, of which 0 are taken and 24 needed',
        "Name servers of 'meridian.example': are Cloudflare's, amy.ns.cloudflare.com, bob.ns.cloudflare.com",
      ]),
    );
  });

  test('are only looked at', async () => {
    const { asked } = await ask();
    expect(asked.filter((one) => !/^(Describe|Get|List|GET )/.test(one))).toEqual([]);
    expect(asked).not.toContain('GetSecretValue');
  });
});

describe('what cannot be asked', () => {
  test('is told with the reason, and is not taken for passed', async () => {
    const refuses = fault('UnauthorizedOperation');
    const told = await ask({ DescribeAddresses: refuses, DescribeAvailabilityZones: refuses });
    expect(texts(told, 'unchecked')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Zones of region 'us-east-1': UnauthorizedOperation: no/),
        expect.stringMatching(/^Quota of addresses .*: UnauthorizedOperation: no/),
      ]),
    );
    expect(texts(told, 'passed').join()).not.toContain("Zone 'a'");
  });

  test('ends by itself where nobody answers', async () => {
    const told = await ask({ DescribeVpcs: () => 'silence' }, { limitMs: 700 });
    expect(texts(told, 'unchecked')).toContainEqual(
      "Network 'vpc-0a1b2c3d': no answer came within 0.7 s",
    );
  });

  test('of a token that may only read is whether it may write', async () => {
    const reads = Object.fromEntries(
      ['settings/ssl', 'dns_records', 'rulesets', 'origin_tls_client_auth/settings'].map((path) => [
        `GET /zones/${zoneId}/${path}`,
        xml({ success: true, result: [] }),
      ]),
    );
    const told = await ask({
      ...reads,
      'GET /user/tokens/token-id': () => ({ status: 403, body: { success: false } }),
    });
    expect(texts(told, 'failed')).toEqual([]);
    expect(texts(told, 'unchecked').filter((one) => one.startsWith('Permission'))).toHaveLength(4);
  });
});

test('a zone that the registrar leads elsewhere is told as wrong, and so is one that nobody leads anywhere', async () => {
  const elsewhere = texts(await ask({}, { nameServers: ['ns1.other.example'] }), 'failed');
  expect(elsewhere).toEqual([
    "Name servers of 'meridian.example': must be amy.ns.cloudflare.com, bob.ns.cloudflare.com, got ns1.other.example; set them at the registrar",
  ]);
  expect(texts(await ask({}, { nameServers: [] }), 'failed')).toEqual([
    expect.stringMatching(/got none; set them at the registrar/),
  ]);
});

describe('a cluster that is there already', () => {
  const existing = {
    ...{ name: 'shared', endpoint: 'https://AB12.gr7.us-east-1.eks.amazonaws.com' },
    ...{ certificateAuthority: 'Q0E=', securityGroupId: 'sg-0a1b2c3d' },
    serviceNetwork: '172.20.0.0/16',
  };
  const needs = {
    ...needsWithoutNodes,
    clusterName: 'shared',
    addons: [],
    existingCluster: existing,
  };
  const cluster = (changed: object) => ({
    'GET /clusters/shared': xml({
      cluster: {
        ...{ name: 'shared', status: 'ACTIVE', version: '1.36', endpoint: existing.endpoint },
        certificateAuthority: { data: existing.certificateAuthority },
        resourcesVpcConfig: {
          ...{ clusterSecurityGroupId: existing.securityGroupId, vpcId: 'vpc-0a1b2c3d' },
        },
        kubernetesNetworkConfig: { serviceIpv4Cidr: existing.serviceNetwork },
        ...changed,
      },
    }),
    'GET /clusters/shared/addons/eks-pod-identity-agent': xml({ addon: {} }),
  });

  test('is held against what the settings say of it, and its nodes are not asked for', async () => {
    const told = await ask(cluster({}), { needs });
    expect(texts(told, 'failed')).toEqual([]);
    expect(texts(told, 'unchecked').join()).toMatch(
      /Cluster 'shared': zones, processors and add-ons/,
    );
    expect(told.asked).not.toContain('DescribeInstanceTypeOfferings');
  });

  test.each([
    ['version', { version: '1.35' }, /must run Kubernetes '1.36', got '1.35'/],
    ['network', { resourcesVpcConfig: {} }, /must be in network 'vpc-0a1b2c3d', got 'nothing'/],
    ['state', { status: 'DELETING' }, /must be in state 'ACTIVE', got 'DELETING'/],
  ])('is told as wrong where its %s is another', async (_what, changed, message) => {
    expect(texts(await ask(cluster(changed), { needs }), 'failed').join()).toMatch(message);
  });

  test('is told as wrong where it is absent, and where pods get no roles in it', async () => {
    const absent = { status: 404, body: { __type: 'ResourceNotFoundException' } };
    const told = await ask(
      {
        'GET /clusters/shared': () => absent,
        'GET /clusters/shared/addons/eks-pod-identity-agent': () => absent,
      },
      { needs },
    );
    expect(texts(told, 'failed')).toEqual([
      expect.stringMatching(/^Cluster 'shared': must be in this account/),
      expect.stringMatching(/^Add-on 'eks-pod-identity-agent': must be in cluster 'shared'/),
    ]);
  });
});

test('all faults are told at once', async () => {
  const told = await ask({
    ...zone({ status: 'pending' }),
    DescribeSecret: xml({ VersionIdsToStages: {} }),
    'GET /cluster-versions': xml({ clusterVersions: [] }),
  });
  expect(texts(told, 'failed')).toHaveLength(3);
});

test('a stack that is there already is held against the quota alone', async () => {
  const told = await ask({
    [`GET /clusters/${sampleNeeds.clusterName}`]: xml({ cluster: { name: 'meridian-prod' } }),
    GetServiceQuota: xml({ Quota: { Value: 24 } }),
    DescribeAddresses: xml({ addressesSet: { item: Array.from({ length: 24 }, () => ({})) } }),
  });
  expect(texts(told, 'failed')).toEqual([]);
  expect(told.asked).not.toContain('DescribeAddresses');
});

test('a quota that was never raised is what everybody has', async () => {
  const told = await ask({
    GetServiceQuota: () => ({ status: 400, body: { __type: 'NoSuchResourceException' } }),
    GetAWSDefaultServiceQuota: xml({ Quota: { Value: 2 } }),
  });
  expect(texts(told, 'failed')).toContainEqual(
    expect.stringMatching(/^Quota of instances of RDS: must be 3/),
  );
});

describe('credentials', () => {
  test('of another account are told as wrong, and nothing is asked by them', async () => {
    const told = await ask({
      GetCallerIdentity: xml({ Account: '444455556666', Arn: 'arn:other' }),
    });
    expect(texts(told, 'failed')).toEqual([
      "Account '111122223333': must be the one of these credentials, got '444455556666' (arn:other); take others, or set aws:allowedAccountIds",
    ]);
    expect(told.asked.filter((one) => one.startsWith('Describe'))).toEqual([]);
    expect(texts(told, 'unchecked')).toContainEqual(expect.stringMatching(/^All else of AWS: /));
  });

  test('that AWS refuses are one error, which says how to get some', async () => {
    await expect(ask({ GetCallerIdentity: fault('ExpiredToken') })).rejects.toMatchObject({
      code: 'DOCTOR_WITHOUT_CREDENTIALS',
      message: expect.stringMatching(/got refused \(ExpiredToken\); sign in/) as unknown,
    });
  });

  test('that nobody has are one error, which says how to get some', async () => {
    process.env['AWS_ACCESS_KEY_ID'] = '';
    await expect(ask()).rejects.toMatchObject({
      code: 'DOCTOR_WITHOUT_CREDENTIALS',
      message: expect.stringMatching(/got none \(.*\); sign in \('aws sso login/) as unknown,
    });
  });

  test('of Cloudflare are needed too', async () => {
    const told = await ask({}, { token: '' });
    expect(texts(told, 'failed')).toEqual([
      expect.stringMatching(/must be in CLOUDFLARE_API_TOKEN, got none/),
    ]);
    expect(told.asked.filter((one) => one.includes('/zones/'))).toEqual([]);
  });
});
