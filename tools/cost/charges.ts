import { fieldsOf, listOf, objectsIn, textOf, valueAt } from '@meridian/policies/fields.ts';

/** A resource as a rehearsal would make it. */
export interface PricedResource {
  /** Such as 'aws:eks/cluster:Cluster'. */
  readonly type: string;
  /** Logical. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a month of a resource is charged for. */
export interface Charge {
  /** Of the table of prices, without the region. */
  readonly price: string;
  /** In the price's unit. */
  readonly amount: number;
}

/** What of resources has a price by the month, and what is paid for by use or has no row. */
export interface Charges {
  readonly charges: readonly Charge[];
  /** Such as 'traffic through NAT gateways'. */
  readonly byUse: readonly string[];
}

/** Of a month, as AWS's own calculator counts them. */
export const HOURS = 730;

type ChargesOf = (resource: PricedResource, all: readonly PricedResource[]) => Charges;

const hours = (price: string, of = 1): Charge => ({ price, amount: HOURS * of });

const flat =
  (...charges: readonly Charge[]): ChargesOf =>
  () => ({ charges, byUse: [] });

const byUse =
  (what: string, ...charges: readonly Charge[]): ChargesOf =>
  () => ({ charges, byUse: [what] });

/** By type; what is not here costs nothing by itself, such as a subnet or a role. */
const CHARGED: Readonly<Record<string, ChargesOf>> = {
  'aws:backup/vault:Vault': byUse('snapshots in vaults'),
  'aws:cloudtrail/trail:Trail': byUse('events of CloudTrail'),
  'aws:cloudwatch/logGroup:LogGroup': byUse('logs that are written and kept'),
  'aws:cloudwatch/metricAlarm:MetricAlarm': byUse('alarms of CloudWatch'),
  'aws:ec2/eip:Eip': flat(hours('public-ipv4.hour')),
  'aws:ec2/natGateway:NatGateway': byUse('traffic through NAT gateways', hours('nat-gateway.hour')),
  'aws:ec2/vpcEndpoint:VpcEndpoint': ({ inputs }) =>
    inputs['vpcEndpointType'] === 'Interface'
      ? {
          charges: [hours('vpc-endpoint.interface.hour', listOf(inputs['subnetIds']).length)],
          byUse: ['traffic through endpoints'],
        }
      : { charges: [], byUse: [] },
  'aws:ecr/repository:Repository': byUse('images that are kept'),
  'aws:eks/cluster:Cluster': ({ inputs }) => ({
    charges: [
      hours(
        valueAt(inputs, 'upgradePolicy.supportType') === 'STANDARD'
          ? 'eks.cluster-hour.standard'
          : 'eks.cluster-hour.extended',
      ),
    ],
    byUse: ['nodes beyond the least', 'volumes of pods'],
  }),
  'aws:eks/nodeGroup:NodeGroup': nodeCharges,
  'aws:elasticache/replicationGroup:ReplicationGroup': ({ inputs }) => {
    const groups = Number(inputs['numNodeGroups'] ?? 1);
    const nodes =
      inputs['numCacheClusters'] === undefined
        ? groups * (Number(inputs['replicasPerNodeGroup'] ?? 0) + 1)
        : Number(inputs['numCacheClusters']);
    const type = textOf(inputs['nodeType']).replace(/^cache\./, '');
    const engine = textOf(inputs['engine']);
    return { charges: [hours(`elasticache.${engine}.${type}.hour`, nodes)], byUse: [] };
  },
  // The requests themselves are made by what has the role: each metric that is got, and each list of metrics that is asked for, is
  // paid for. Source: aws.amazon.com/cloudwatch/pricing, "API requests"
  'aws:iam/rolePolicy:RolePolicy': ({ inputs }) => ({
    charges: [],
    byUse: /cloudwatch:(?:GetMetricData|ListMetrics|\*)/.test(
      JSON.stringify(inputs['policy'] ?? ''),
    )
      ? ['what CloudWatch is asked']
      : [],
  }),
  'aws:kms/key:Key': byUse('requests to keys', { price: 'kms.key-month', amount: 1 }),
  'aws:lb/loadBalancer:LoadBalancer': balancerCharges,
  'aws:msk/cluster:Cluster': kafkaCharges,
  'aws:rds/cluster:Cluster': postgresCharges,
  'aws:route53/zone:Zone': flat({ price: 'route53.hosted-zone-month', amount: 1 }),
  'aws:s3/bucket:Bucket': byUse('objects in buckets'),
  'aws:secretsmanager/secret:Secret': byUse('requests to secrets', {
    price: 'secrets-manager.secret-month',
    amount: 1,
  }),
  // Which plan a zone has, no resource says: there is no row by this name.
  'cloudflare:index/ruleset:Ruleset': flat({ price: 'cloudflare.plan', amount: 1 }),
};

/** What a month of each is charged for. */
export function chargesOf(resources: readonly PricedResource[]): readonly (Charges & {
  readonly resource: PricedResource;
})[] {
  return resources.flatMap((resource) => {
    const charged = CHARGED[resource.type]?.(resource, resources);
    return charged === undefined ? [] : [{ ...charged, resource }];
  });
}

/** One that the internet reaches has an address in each zone, which AWS charges for like any other since 2024. */
function balancerCharges({ inputs }: PricedResource): Charges {
  const addresses = inputs['internal'] === true ? 0 : listOf(inputs['subnets']).length;
  return {
    charges: [
      hours('nlb.hour'),
      ...(addresses === 0 ? [] : [hours('public-ipv4.hour', addresses)]),
    ],
    byUse: [
      'traffic through load balancers',
      ...(addresses === 0 ? [] : ['traffic out to the internet']),
    ],
  };
}

/** As many nodes as there always are, with their disks. */
function nodeCharges({ inputs }: PricedResource, all: readonly PricedResource[]): Charges {
  const least = Number(valueAt(inputs, 'scalingConfig.minSize'));
  const template = all.find(({ type: of }) => of === 'aws:ec2/launchTemplate:LaunchTemplate');
  const [type = template?.inputs['instanceType']] = listOf(inputs['instanceTypes']);
  const disks = objectsIn(template?.inputs['blockDeviceMappings']);
  const gib = disks.reduce((sum, { ebs }) => sum + Number(fieldsOf(ebs)['volumeSize'] ?? 0), 0);
  return {
    charges: [
      hours(`ec2.${textOf(type)}`, least),
      ...(gib === 0 ? [] : [{ price: 'ebs.gp3.gb-month', amount: gib * least }]),
    ],
    byUse: [],
  };
}

function kafkaCharges({ inputs }: PricedResource): Charges {
  const brokers = Number(inputs['numberOfBrokerNodes']);
  const group = fieldsOf(inputs['brokerNodeGroupInfo']);
  const [family = '', ...size] = textOf(group['instanceType']).split('.');
  const kind = family === 'express' ? 'express' : 'standard';
  const gib = valueAt(group, 'storageInfo.ebsStorageInfo.volumeSize');
  return {
    charges: [
      hours(`msk.${kind}.${size.join('.')}.hour`, brokers),
      ...(gib === undefined
        ? []
        : [{ price: 'msk.standard.storage.gb-month', amount: Number(gib) * brokers }]),
    ],
    byUse: [
      ...(kind === 'express' ? ['records of Kafka'] : []),
      // Source: docs.aws.amazon.com/msk, "Amazon MSK metrics for monitoring": all but the level DEFAULT are paid for.
      ...(textOf(inputs['enhancedMonitoring'] ?? 'DEFAULT') === 'DEFAULT'
        ? []
        : ['metrics of brokers in CloudWatch']),
      'traffic between zones',
    ],
  };
}

/** A cluster over three zones is three instances. */
function postgresCharges({ inputs }: PricedResource): Charges {
  const size = textOf(inputs['dbClusterInstanceClass']).replace(/^db\./, '');
  const storage = textOf(inputs['storageType']);
  return {
    charges: [
      hours(`rds.postgres.${size}.multi-az-cluster.hour`),
      {
        price: `rds.${storage}.multi-az-cluster.gb-month`,
        amount: Number(inputs['allocatedStorage']),
      },
      ...(storage === 'gp3'
        ? []
        : [
            {
              price: `rds.${storage}.iops-month.multi-az-cluster`,
              amount: Number(inputs['iops'] ?? 0),
            },
          ]),
      // The owner's password, which RDS keeps there.
      ...(inputs['manageMasterUserPassword'] === true
        ? [{ price: 'secrets-manager.secret-month', amount: 1 }]
        : []),
    ],
    byUse: ['backups beyond the size of the databases'],
  };
}
