import { describe, expect, test } from '@jest/globals';
import type { AwsSettings } from '../aws/aws-settings.ts';
import { record } from '../testing/recording-mocks.ts';
import { sampleAwsSettings } from '../testing/sample-aws.ts';
import { sampleClusterContext } from '../testing/sample-cluster.ts';
import { awsNetwork } from './aws.ts';
import { Network } from './network.ts';

const SMALL = { ...sampleAwsSettings.aws, size: 'small' } as const;

const land = (settings: AwsSettings = sampleAwsSettings) => {
  const { lower, land: landing } = awsNetwork(settings);
  return record(() => {
    new Network('network', { landing: landing(lower(sampleClusterContext()), {}) });
  });
};
const standard: AwsSettings = { ...sampleAwsSettings, aws: { ...SMALL, size: 'standard' } };

describe('the network of production', () => {
  test('has a subnet of each tier in each zone, and leaves none of a name to chance', async () => {
    const { resources } = await land();
    const subnets = resources.filter(({ type }) => type === 'aws:ec2/subnet:Subnet');
    expect(subnets.map(({ name }) => name).toSorted()).toEqual(
      ['data', 'private', 'public'].flatMap((tier) =>
        sampleAwsSettings.zones.map((zone) => `network-${tier}-${zone.name}`),
      ),
    );
    for (const { inputs } of subnets) expect(inputs['mapPublicIpOnLaunch']).not.toBe(true);
  });

  test('has a way out of each zone by the same zone, and none for the data', async () => {
    const { resources } = await land();
    const routes = resources
      .filter(({ type }) => type === 'aws:ec2/route:Route')
      .map(({ inputs }) => [inputs['routeTableId'], inputs['natGatewayId'] ?? inputs['gatewayId']]);
    expect(routes).toEqual([
      ['network-public-id', 'network-id'],
      ...sampleAwsSettings.zones.map(({ name }) => [
        `network-private-${name}-id`,
        `network-nat-${name}-id`,
      ]),
    ]);
    const nats = resources.filter(({ type }) => type === 'aws:ec2/natGateway:NatGateway');
    expect(nats.map(({ inputs }) => inputs['subnetId'])).toEqual(
      sampleAwsSettings.zones.map(({ name }) => `network-public-${name}-id`),
    );
    const associated = resources.filter(({ type }) => type.endsWith(':RouteTableAssociation'));
    expect(associated).toHaveLength(9);
    for (const { name } of sampleAwsSettings.zones) {
      const data = associated.find((one) => one.name === `network-data-${name}`);
      expect(data?.inputs['routeTableId']).toBe('network-data-id');
    }
  });

  test('reaches S3 without a gateway, and in size standard what pods need to start', async () => {
    const services = async (settings: AwsSettings) =>
      (await land(settings)).resources
        .filter(({ type }) => type === 'aws:ec2/vpcEndpoint:VpcEndpoint')
        .map(({ inputs }) => inputs['serviceName']);
    expect(await services(sampleAwsSettings)).toEqual(['com.amazonaws.us-east-1.s3']);
    expect(await services(standard)).toEqual(
      ['s3', 'ec2', 'ecr.api', 'ecr.dkr', 'eks-auth', 'elasticloadbalancing'].map(
        (service) => `com.amazonaws.us-east-1.${service}`,
      ),
    );
  });

  test('lets nothing through the group that whoever names none gets', async () => {
    const { resources } = await land();
    const group = resources.find(({ type }) => type.endsWith(':DefaultSecurityGroup'));
    expect(group?.inputs).toMatchObject({ ingress: [], egress: [] });
  });

  test('keeps a line of every connection, encrypted and for as long as logs are kept', async () => {
    const { resources } = await land();
    const flow = resources.find(({ type }) => type === 'aws:ec2/flowLog:FlowLog');
    expect(flow?.inputs).toMatchObject({ trafficType: 'ALL', vpcId: 'network-id' });
    const group = resources.find(({ type }) => type === 'aws:cloudwatch/logGroup:LogGroup');
    expect(group?.inputs).toMatchObject({ retentionInDays: 365 });
    const role = resources.find(({ type }) => type === 'aws:iam/role:Role');
    expect(role?.inputs['permissionsBoundary']).toBe(
      'arn:aws:iam::111122223333:policy/meridian-sample-boundary',
    );
    expect(JSON.parse(String(role?.inputs['assumeRolePolicy']))).toMatchObject({
      Statement: [{ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }],
    });
  });

  test('makes nothing where it is there already', async () => {
    const ids = (tier: string) =>
      Object.fromEntries(
        sampleAwsSettings.zones.map(({ name }) => [name, `subnet-${tier}${name}`]),
      );
    const existing = {
      vpcId: 'vpc-0123456789abcdef0',
      subnetIds: { public: ids('1'), private: ids('2'), data: ids('3') },
    };
    const network = { cidr: '10.0.0.0/16', existing };
    const { resources } = await land({ ...sampleAwsSettings, aws: { ...SMALL, network } });
    expect(resources.filter(({ type }) => type.startsWith('aws:'))).toEqual([]);
  });
});
