import { ec2, vpc as rules } from '@pulumi/aws';
import type { CustomResourceOptions, Output } from '@pulumi/pulumi';
import type { CloudNetwork, Tier } from '../network.ts';
import type { AwsEndpoints } from './endpoints.ts';

/** What routes are made for. */
export interface RoutedNetwork {
  readonly name: string;
  readonly region: string;
  /** Its address in CIDR notation. */
  readonly cidr: string;
  readonly vpcId: Output<string>;
  readonly subnets: Readonly<Record<Tier, Readonly<Record<string, Output<string>>>>>;
}

const EVERYWHERE = '0.0.0.0/0';
const HTTPS = 443;

/**
 * Declares how each tier reaches the world: the public one by an internet gateway, the private one of each zone by a NAT gateway in
 * the same zone, so that a zone that goes takes no other's way out along, and the data tier not at all. Gives what there has to be for that.
 */
export function declareRoutes(
  network: RoutedNetwork,
  endpoints: AwsEndpoints,
  options: CustomResourceOptions,
): CloudNetwork['ways'] {
  const { name, vpcId, subnets } = network;
  const internet = new ec2.InternetGateway(name, { vpcId }, options);
  const table = (of: string): ec2.RouteTable =>
    new ec2.RouteTable(`${name}-${of}`, { vpcId }, options);
  const outside = table('public');
  const toInternet = new ec2.Route(
    `${name}-public`,
    {
      routeTableId: outside.id,
      destinationCidrBlock: EVERYWHERE,
      gatewayId: internet.id,
    },
    options,
  );
  const publicly = associate(network, 'public', () => outside, options);
  const inside = Object.fromEntries(
    Object.entries(subnets.public).map(([zone, subnetId]) => {
      const tableOfZone = table(`private-${zone}`);
      const address = new ec2.Eip(
        `${name}-nat-${zone}`,
        { domain: 'vpc' },
        // An address of somebody's allow-list does not come back.
        { ...options, dependsOn: [internet], protect: true },
      );
      const nat = new ec2.NatGateway(
        `${name}-nat-${zone}`,
        { allocationId: address.id, subnetId },
        { ...options, dependsOn: [toInternet] },
      );
      const out = new ec2.Route(
        `${name}-private-${zone}`,
        {
          routeTableId: tableOfZone.id,
          destinationCidrBlock: EVERYWHERE,
          natGatewayId: nat.id,
        },
        options,
      );
      return [zone, { table: tableOfZone, out }];
    }),
  );
  const privately = associate(network, 'private', (zone) => inside[zone]?.table, options);
  const nowhere = table('data');
  associate(network, 'data', () => nowhere, options);
  const zones = Object.values(inside);
  declareEndpoints(
    network,
    endpoints,
    zones.map((zone) => zone.table),
    options,
  );
  return {
    public: [toInternet, ...publicly],
    private: [...zones.map(({ out }) => out), ...privately],
  };
}

function associate(
  { name, subnets }: RoutedNetwork,
  tier: Tier,
  tableOf: (zone: string) => ec2.RouteTable | undefined,
  options: CustomResourceOptions,
): readonly ec2.RouteTableAssociation[] {
  return Object.entries(subnets[tier]).map(([zone, subnetId]) => {
    const table = tableOf(zone);
    if (table === undefined) throw new Error(`No routes for tier ${tier} in zone ${zone}`);
    return new ec2.RouteTableAssociation(
      `${name}-${tier}-${zone}`,
      { routeTableId: table.id, subnetId },
      options,
    );
  });
}

/** Ways to services of AWS that are not by the NAT gateways. */
function declareEndpoints(
  { name, region, cidr, vpcId, subnets }: RoutedNetwork,
  endpoints: AwsEndpoints,
  tables: readonly ec2.RouteTable[],
  options: CustomResourceOptions,
): void {
  for (const { service } of endpoints.gateway) {
    new ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: 'Gateway',
        routeTableIds: tables.map(({ id }) => id),
      },
      options,
    );
  }
  if (endpoints.interface.length === 0) return;
  const group = new ec2.SecurityGroup(
    `${name}-endpoints`,
    { vpcId, description: 'Endpoints of services of AWS: HTTPS from inside the network' },
    options,
  );
  new rules.SecurityGroupIngressRule(
    `${name}-endpoints`,
    {
      securityGroupId: group.id,
      description: 'Whoever is in the network',
      cidrIpv4: cidr,
      ipProtocol: 'tcp',
      fromPort: HTTPS,
      toPort: HTTPS,
    },
    options,
  );
  for (const { service } of endpoints.interface) {
    new ec2.VpcEndpoint(
      `${name}-${service.replace('.', '-')}`,
      {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: 'Interface',
        privateDnsEnabled: true,
        subnetIds: Object.values(subnets.private),
        securityGroupIds: [group.id],
      },
      options,
    );
  }
}
