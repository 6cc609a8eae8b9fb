import { describe, expect, test } from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import { EXAMPLE_ACCOUNT, prodSettings } from './prod.ts';
import { stackSettings } from './stacks.ts';

const place = { 'aws:region': 'us-east-1', 'aws:allowedAccountIds': `["${EXAMPLE_ACCOUNT}"]` };

const problemsOf = (raw: Readonly<Record<string, string>>): readonly string[] => {
  try {
    prodSettings({ ...place, ...raw });
  } catch (error) {
    if (error instanceof CodedError) return [error.code, ...error.problems];
    throw error;
  }
  return [];
};
const networkWith = (network: object): string => JSON.stringify(network);

describe('the settings of production', () => {
  test('need a region and an account and nothing else', async () => {
    expect(await stackSettings('prod', place)).toEqual(prodSettings(place));
    expect(prodSettings(place)).toMatchObject({
      landing: 'aws',
      zones: [
        { name: 'a', network: '10.64.0.0/18', topologyZone: 'us-east-1a' },
        { name: 'b', network: '10.64.64.0/18', topologyZone: 'us-east-1b' },
        { name: 'c', network: '10.64.128.0/18', topologyZone: 'us-east-1c' },
      ],
      aws: { region: 'us-east-1', account: EXAMPLE_ACCOUNT, serviceNetwork: '172.20.0.0/16' },
    });
  });

  test('cut a network into three zones and each into three tiers, half of it for pods', () => {
    const { aws } = prodSettings({ ...place, network: networkWith({ cidr: '10.0.0.0/18' }) });
    expect(aws.network).toEqual({
      cidr: '10.0.0.0/18',
      zones: {
        a: { private: '10.0.0.0/21', data: '10.0.8.0/22', public: '10.0.12.0/22' },
        b: { private: '10.0.16.0/21', data: '10.0.24.0/22', public: '10.0.28.0/22' },
        c: { private: '10.0.32.0/21', data: '10.0.40.0/22', public: '10.0.44.0/22' },
      },
    });
  });

  test.each([
    ['172.20.0.0/16', '10.100.0.0/16'],
    ['172.16.0.0/16', '172.20.0.0/16'],
    ['10.100.0.0/16', '172.20.0.0/16'],
  ])('give Services addresses that network %s has none of', (cidr, services) => {
    const { aws, apiServer } = prodSettings({ ...place, network: networkWith({ cidr }) });
    expect(aws.serviceNetwork).toBe(services);
    const [first] = apiServer.networks;
    expect(first).toBe(`${services.replace('0.0/16', '0.1')}/32`);
    expect(apiServer.networks).toHaveLength(4);
  });

  test.each([
    ['too small', '10.64.0.0/19'],
    ['too large', '10.0.0.0/15'],
    ['of the internet', '11.0.0.0/16'],
    ['half of the internet', '172.32.0.0/16'],
    ['not by its first address', '10.64.1.0/16'],
  ])('refuse a network that is %s', (_why, cidr) => {
    expect(problemsOf({ network: networkWith({ cidr }) })).toEqual([
      'SETTINGS_INVALID',
      expect.stringMatching(
        /^Setting 'meridian:network': must be a JSON object .* of 10\.0\.0\.0\/8, 172\.16\.0\.0\/12, 192\.168\.0\.0\/16, with a prefix of 16 to 18/,
      ),
    ]);
  });

  test('refuse a network that is there and leaves no addresses for Services', () => {
    const ids = { a: 'subnet-12345678', b: 'subnet-23456789', c: 'subnet-3456789a' };
    const existing = { vpcId: 'vpc-12345678', subnetIds: { public: ids, private: ids, data: ids } };
    expect(problemsOf({ network: networkWith({ cidr: '10.0.0.0/8', existing }) })).toEqual([]);
    expect(problemsOf({ network: networkWith({ cidr: '0.0.0.0/0', existing }) })).toHaveLength(2);
    const two = { a: ids.a, b: ids.b };
    const withTwo = { ...existing, subnetIds: { ...existing.subnetIds, data: two } };
    expect(problemsOf({ network: networkWith({ cidr: '10.0.0.0/8', existing: withTwo }) })).toEqual(
      [
        'SETTINGS_INVALID',
        expect.stringContaining('with a subnet of each tier in each of the zones a, b, c'),
      ],
    );
  });

  test('say every mistake at once', () => {
    expect(
      problemsOf({
        'aws:allowedAccountIds': '["1234"]',
        topologyZones: '{"a": "eu-west-1a", "b": "us-east-1c"}',
        images: '{"catalog": "registry.example/meridian/catalog:1.2"}',
        size: 'huge',
        apiAccess: '["0.0.0.0/1"]',
        cloudflarePlan: 'gratis',
        logDays: '31',
      }),
    ).toEqual([
      'SETTINGS_INVALID',
      expect.stringMatching(/^Setting 'meridian:images.catalog': must be the digest of an image/),
      expect.stringMatching(/^Setting 'aws:allowedAccountIds': must be a list of one account/),
      expect.stringMatching(/^Setting 'meridian:size': must be one of 'small', 'standard'/),
      expect.stringMatching(/^Setting 'meridian:apiAccess': .* prefix of 16 or more/),
      expect.stringMatching(/^Setting 'meridian:cloudflarePlan': must be one of 'free'/),
      expect.stringMatching(/^Setting 'meridian:logDays': must be one of '30'/),
      expect.stringMatching(
        /^Setting 'meridian:topologyZones.a': must be an availability zone of region 'us-east-1'.*got 'eu-west-1a'/,
      ),
      expect.stringMatching(
        /^Setting 'meridian:topologyZones': must name another availability zone for each, got 'eu-west-1a, us-east-1c, us-east-1c'/,
      ),
    ]);
  });

  test('begin PostgreSQL with a snapshot, or a moment of another cluster, and with nothing else', () => {
    const from = (given: object) => ({ postgresRestoreFrom: JSON.stringify(given) });
    const moment = { cluster: 'meridian-prod-postgres', time: '2026-11-28T13:30:00Z' };
    for (const given of [{ snapshot: 'before-the-sale' }, moment]) {
      expect(prodSettings({ ...place, ...from(given) }).aws.postgresRestoreFrom).toEqual(given);
    }
    const wrong = [{}, { time: moment.time }, { ...moment, time: 'yesterday' }, { cluster: 'A' }];
    for (const given of [...wrong, { ...moment, snapshot: 'before-the-sale' }]) {
      expect(problemsOf(from(given))).toEqual([
        'SETTINGS_INVALID',
        expect.stringMatching(/^Setting 'meridian:postgresRestoreFrom': must be a JSON object/),
      ]);
    }
  });

  test('keep lines and traces in a bucket of the account that nobody has a key of, or in one that is named', () => {
    const own = prodSettings(place).telemetry.objectStore;
    expect(own).toMatchObject({ bucket: `meridian-prod-telemetry-${EXAMPLE_ACCOUNT}` });
    expect(own).not.toHaveProperty('secret');
    const store = {
      uri: 'https://s3.example',
      region: 'eu-1',
      bucket: 'theirs',
      networks: ['192.0.2.0/24'],
    };
    const given = prodSettings({ ...place, telemetryStore: JSON.stringify(store) });
    expect(given.telemetry.objectStore).toEqual({ ...store, secret: 'telemetry-store-keys' });
  });

  test('refuse regions with two zones, and those where AWS is another AWS', () => {
    expect(problemsOf({ 'aws:region': 'us-west-1' })).toEqual([
      'SETTINGS_INVALID',
      expect.stringMatching(
        /^Setting 'aws:region': must be a region with three availability zones/,
      ),
    ]);
    for (const region of ['cn-north-1', 'us-gov-west-1', 'eusc-de-east-1']) {
      expect(problemsOf({ 'aws:region': region })).toHaveLength(2);
    }
  });
});

describe('the edge of production', () => {
  test('has the rules of its plan, or those that are chosen of them', () => {
    expect(prodSettings(place).aws.cloudflare.rules).toEqual([
      'managed',
      'owasp',
      'sign-in-rate',
      'api-rate',
    ]);
    expect(prodSettings({ ...place, cloudflarePlan: 'free' }).aws.cloudflare.rules).toEqual([
      'api-rate',
    ]);
    expect(prodSettings({ ...place, edgeRules: '["owasp"]' }).aws.cloudflare.rules).toEqual([
      'owasp',
    ]);
  });

  test('have nodes of a release of the version of the cluster, or of none that is named', () => {
    expect(prodSettings({ ...place, nodeRelease: '1.36.2-20261120' }).aws.nodeRelease).toBe(
      '1.36.2-20261120',
    );
    expect(prodSettings(place).aws).not.toHaveProperty('nodeRelease');
    for (const given of ['1.36', '1.36.2', 'latest', '1.36.2-20261340']) {
      expect(problemsOf({ nodeRelease: given })).toEqual([
        'SETTINGS_INVALID',
        expect.stringMatching(/must be a release of EKS' image for nodes/),
      ]);
    }
    expect(problemsOf({ nodeRelease: '1.35.4-20261120' })).toEqual([
      'SETTINGS_INVALID',
      expect.stringMatching(
        /nodeRelease': must be a release of the version that kubernetesVersion has, '1.36', got '1.35.4-20261120'/,
      ),
    ]);
  });

  test('is refused a rule that its plan lacks, and an authority that is none', () => {
    expect(problemsOf({ cloudflarePlan: 'free', edgeRules: '["owasp", "api-rate"]' })).toEqual([
      'SETTINGS_INVALID',
      expect.stringMatching(
        /^Setting 'meridian:edgeRules': must be rules that plan 'free' has, 'api-rate', got 'owasp'/,
      ),
    ]);
    expect(problemsOf({ originPullAuthorities: '["-----BEGIN CERTIFICATE-----"]' })).toEqual([
      'SETTINGS_INVALID',
      expect.stringMatching(/^Setting 'meridian:originPullAuthorities': must be a JSON list of/),
    ]);
  });
});

describe('a cluster that is there', () => {
  const existing = {
    ...{ name: 'shared', endpoint: 'https://AB12.gr7.us-east-1.eks.amazonaws.com' },
    ...{ certificateAuthority: 'Q0E=', securityGroupId: 'sg-0a1b2c3d' },
    serviceNetwork: '172.31.0.0/16',
  };
  const ids = (tier: string) => ({ a: `${tier}a`, b: `${tier}b`, c: `${tier}c` });
  const network = networkWith({
    cidr: '10.0.0.0/16',
    existing: {
      vpcId: 'vpc-0a1b2c3d',
      subnetIds: {
        public: ids('subnet-000000a'),
        private: ids('subnet-000000b'),
        data: ids('subnet-000000c'),
      },
    },
  });

  test('is named by its ids, and Services have its addresses', () => {
    const { aws, apiServer } = prodSettings({
      ...{ ...place, network },
      cluster: JSON.stringify({ existing }),
    });
    expect(aws).toMatchObject({ existingCluster: existing, serviceNetwork: '172.31.0.0/16' });
    expect(apiServer.networks).toEqual(['172.31.0.1/32', '10.0.0.0/16']);
  });

  test.each([
    ['without its network', {}, existing, /'meridian:cluster': must be in a network that is there/],
    [
      'with another address',
      { network },
      { ...existing, endpoint: 'https://a.example' },
      /describe-cluster/,
    ],
    ['without a group', { network }, { ...existing, securityGroupId: '' }, /describe-cluster/],
    [
      'without an authority',
      { network },
      { ...existing, certificateAuthority: '' },
      /describe-cluster/,
    ],
  ])('is refused %s', (_how, raw, given, message) => {
    expect(problemsOf({ ...raw, cluster: JSON.stringify({ existing: given }) })).toEqual([
      'SETTINGS_INVALID',
      expect.stringMatching(message),
    ]);
  });
});
