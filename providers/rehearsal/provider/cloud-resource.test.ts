import { describe, expect, test } from '@jest/globals';
import { cloudResource } from './cloud-resource.ts';
import { asSecret, isSecret } from './property-values.ts';
import { UNKNOWN_VALUE as UNKNOWN } from './protocol-marks.ts';

const resource = (token: string, name = 'one') =>
  cloudResource(`urn:pulumi:prod::meridian::meridian:kafka:Kafka$${token}::${name}`);
const problems = (token: string, inputs: object) => resource(token).check({ ...inputs }).problems;

const SUBNET = 'aws:ec2/subnet:Subnet';
const CLUSTER = 'aws:eks/cluster:Cluster';
const PASSWORD = 'random:index/randomPassword:RandomPassword';

describe('a resource of a cloud', () => {
  test.each<readonly [token: string, inputs: object, problem: string]>([
    [SUBNET, { cidrBlock: '10.0.0.0/20' }, 'vpcId: is missing'],
    [SUBNET, { vpcId: 'vpc-1', cidr: '10.0.0.0/20' }, 'cidr: is not a property here'],
    [SUBNET, { vpcId: 'vpc-1', mapPublicIpOnLaunch: 'no' }, 'must be boolean, got "no"'],
    [SUBNET, { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/29' }, 'with a prefix of 16 to 28'],
    [
      SUBNET,
      { vpcId: 'vpc-1', availabilityZone: 'a' },
      'availabilityZone: must be a zone of a region',
    ],
    [CLUSTER, { roleArn: 'r', vpcConfig: {} }, 'vpcConfig.subnetIds: is missing'],
    [
      CLUSTER,
      { roleArn: 'r', vpcConfig: { subnetIds: [] }, enabledClusterLogTypes: ['audits'] },
      'enabledClusterLogTypes[0]: must be one of "api", "audit"',
    ],
    [
      'aws:kms/key:Key',
      { deletionWindowInDays: 3 },
      'deletionWindowInDays: must be 7 to 30, got 3',
    ],
    ['aws:cloudwatch/logGroup:LogGroup', { retentionInDays: 100 }, 'must be one of 0, 1, 3'],
    [
      'aws:iam/role:Role',
      { assumeRolePolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Permit' }] } },
      'assumeRolePolicy.Statement[0].Effect: must be one of "Allow", "Deny", got "Permit"',
    ],
    [
      'cloudflare:index/dnsRecord:DnsRecord',
      { zoneId: 'z', name: 'n', type: 'A' },
      'ttl: is missing',
    ],
    [PASSWORD, {}, 'length: is missing'],
    [
      'aws:sqs/queue:Queue',
      {},
      'must be of a type with a schema here (from npm package @pulumi/aws ',
    ],
  ])('%s %j: %s', (token, inputs, problem) => {
    expect(problems(token, inputs)).toContainEqual(expect.stringContaining(problem));
  });

  test('fits with what is not known yet, and with policies as objects and as texts', () => {
    expect(
      problems(SUBNET, { vpcId: UNKNOWN, cidrBlock: UNKNOWN, mapPublicIpOnLaunch: UNKNOWN }),
    ).toEqual([]);
    const Statement = [
      { Effect: 'Allow', Action: ['a:B'], Resource: [UNKNOWN], Principal: { AWS: UNKNOWN } },
    ];
    for (const assumeRolePolicy of [{ Version: '2012-10-17', Statement }, '{}', UNKNOWN]) {
      expect(problems('aws:iam/role:Role', { assumeRolePolicy })).toEqual([]);
    }
  });

  test('is refused without a word of its secrets', () => {
    const found = problems('aws:elasticache/user:User', {
      accessString: 'on ~*',
      engine: asSecret('marker'),
      userId: 'u',
      userName: 'u',
    });
    expect(found).toEqual(['engine: is wrong; its value is secret and not shown']);
  });

  test('says what it is given and, of what the cloud chooses, that it is not known yet', () => {
    const inputs = { roleArn: 'r', vpcConfig: { subnetIds: ['s'] }, version: '1.36' };
    expect(resource(CLUSTER).outputs(inputs, { unknown: UNKNOWN })).toMatchObject({
      roleArn: 'r',
      version: '1.36',
      arn: UNKNOWN,
      certificateAuthority: UNKNOWN,
      vpcConfig: { subnetIds: ['s'], clusterSecurityGroupId: UNKNOWN },
    });
  });

  test('has outputs that follow from its name once it is made, and keeps them when it is changed', () => {
    const inputs = { roleArn: 'r', vpcConfig: { subnetIds: ['s'] } };
    const made = resource(CLUSTER).outputs(inputs);
    expect(made).toMatchObject({
      arn: `rehearsal:${CLUSTER}/one.arn`,
      certificateAuthority: { data: `rehearsal:${CLUSTER}/one.certificateAuthority.data` },
      deletionProtection: false,
      vpcConfig: { clusterSecurityGroupId: expect.stringContaining('rehearsal:') as unknown },
    });
    expect(resource(CLUSTER).outputs(inputs)).toEqual(made);
    expect(resource(CLUSTER, 'other').outputs(inputs)['arn']).not.toBe(made['arn']);
    const changed = resource(CLUSTER).outputs(
      { ...inputs, version: '1.36' },
      { before: made, unknown: UNKNOWN },
    );
    expect(changed).toEqual({ ...made, version: '1.36' });
  });

  test('has no output that the cloud leaves away, and a secret for one', () => {
    expect(resource('aws:ec2/vpc:Vpc').outputs({})).not.toHaveProperty('ipv4IpamPoolId');
    const { result } = resource(PASSWORD).outputs({ length: 32 });
    expect(isSecret(result)).toBe(true);
  });
});
