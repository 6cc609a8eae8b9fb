import {
  EC2Client,
  DescribeAddressesCommand,
  DescribeInstanceTypesCommand,
  paginateDescribeInstances,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import type { _InstanceType as InstanceType } from '@aws-sdk/client-ec2';
import { EKSClient, paginateListClusters } from '@aws-sdk/client-eks';
import {
  ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ElastiCacheClient, paginateDescribeCacheClusters } from '@aws-sdk/client-elasticache';
import { KafkaClient, paginateListClustersV2 } from '@aws-sdk/client-kafka';
import { paginateDescribeDBInstances, RDSClient } from '@aws-sdk/client-rds';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { failed, passed } from '../answer.ts';
import type { Answer, Check } from '../answer.ts';
import type { StackNeeds } from '../stack-needs.ts';
import type { AwsAccess } from './aws-access.ts';

/** How many of something an account may have, how many the stack needs, and how many there are. */
interface Quota {
  readonly name: string;
  /** By which Service Quotas knows it; the codes are the same in every account. */
  readonly service: string;
  readonly code: string;
  readonly needed: (signal: AbortSignal) => Promise<number>;
  readonly taken: (signal: AbortSignal) => Promise<number>;
}

/**
 * Source of names and codes: the quotas that Service Quotas lists of each service ("Elastic IP addresses", L-0263D0A3, …), with
 * "Number of brokers per account" from the list of MSK's.
 */
function quotasOf(access: AwsAccess, needs: StackNeeds): readonly Quota[] {
  return [...quotasOfNetwork(access, needs), ...quotasOfEngines(access, needs)];
}

const as = (count: number) => async () => await Promise.resolve(count);

function quotasOfNetwork(access: AwsAccess, needs: StackNeeds): readonly Quota[] {
  const ec2 = new EC2Client(access);
  const { nodes } = needs;
  return [
    {
      name: 'addresses for ways out (EC2-VPC Elastic IPs)',
      ...{ service: 'ec2', code: 'L-0263D0A3', needed: as(needs.addresses) },
      taken: async (signal) => {
        const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}), {
          abortSignal: signal,
        });
        return Addresses.length;
      },
    },
    {
      name: 'VPCs',
      ...{ service: 'vpc', code: 'L-F678F1CE', needed: as(needs.networks) },
      taken: async (signal) =>
        await countOf(
          paginateDescribeVpcs({ client: ec2 }, {}, { abortSignal: signal }),
          ({ Vpcs = [] }) => Vpcs.length,
        ),
    },
    {
      name: 'processors of nodes (Running On-Demand Standard instances, vCPUs)',
      ...{ service: 'ec2', code: 'L-1216C47A' },
      needed: async (signal) =>
        nodes === undefined ? 0 : nodes.count * (await processorsOf(ec2, nodes.type, signal)),
      taken: async (signal) => await runningProcessors(ec2, signal),
    },
    {
      name: 'network load balancers',
      ...{ service: 'elasticloadbalancing', code: 'L-69A177A2', needed: as(needs.balancers) },
      taken: async (signal) =>
        await countOf(
          paginateDescribeLoadBalancers(
            { client: new ElasticLoadBalancingV2Client(access) },
            {},
            { abortSignal: signal },
          ),
          ({ LoadBalancers = [] }) => LoadBalancers.filter(({ Type }) => Type === 'network').length,
        ),
    },
  ];
}

function quotasOfEngines(access: AwsAccess, needs: StackNeeds): readonly Quota[] {
  return [
    {
      name: 'clusters of EKS',
      ...{
        service: 'eks',
        code: 'L-1194D53C',
        needed: as(needs.existingCluster === undefined ? 1 : 0),
      },
      taken: async (signal) =>
        await countOf(
          paginateListClusters({ client: new EKSClient(access) }, {}, { abortSignal: signal }),
          ({ clusters = [] }) => clusters.length,
        ),
    },
    {
      name: 'instances of RDS',
      ...{ service: 'rds', code: 'L-7B6409FD', needed: as(needs.postgres.count) },
      taken: async (signal) =>
        await countOf(
          paginateDescribeDBInstances(
            { client: new RDSClient(access) },
            {},
            { abortSignal: signal },
          ),
          ({ DBInstances = [] }) => DBInstances.length,
        ),
    },
    {
      name: 'nodes of ElastiCache',
      ...{ service: 'elasticache', code: 'L-DFE45DF3', needed: as(needs.redis?.count ?? 0) },
      taken: async (signal) =>
        await countOf(
          paginateDescribeCacheClusters(
            { client: new ElastiCacheClient(access) },
            {},
            { abortSignal: signal },
          ),
          ({ CacheClusters = [] }) =>
            CacheClusters.reduce((sum, { NumCacheNodes = 0 }) => sum + NumCacheNodes, 0),
        ),
    },
    {
      name: 'brokers of MSK',
      ...{ service: 'kafka', code: 'L-EDD31C36', needed: as(needs.kafka?.count ?? 0) },
      taken: async (signal) =>
        await countOf(
          paginateListClustersV2({ client: new KafkaClient(access) }, {}, { abortSignal: signal }),
          ({ ClusterInfoList = [] }) =>
            ClusterInfoList.reduce(
              (sum, one) => sum + (one.Provisioned?.NumberOfBrokerNodes ?? 0),
              0,
            ),
        ),
    },
  ];
}

/**
 * Whether the account may have what the stack needs besides what it has.
 *
 * @param isDeployed whether what there is may be the stack itself, which then is held against the quota alone
 */
export function quotaChecks(
  access: AwsAccess,
  needs: StackNeeds,
  isDeployed: boolean,
): readonly Check[] {
  return quotasOf(access, needs).map((quota) => {
    const about = `Quota of ${quota.name}`;
    return {
      about,
      run: async (signal): Promise<readonly Answer[]> => {
        const needed = await quota.needed(signal);
        if (needed === 0) return [];
        const allowed = await allowedOf(access, quota, signal);
        if (isDeployed)
          return [
            held(about, quota, { allowed, needed, taken: 0 }, ', with the cluster there already'),
          ];
        return [held(about, quota, { allowed, needed, taken: await quota.taken(signal) }, '')];
      },
    };
  });
}

interface Counts {
  readonly allowed: number;
  readonly needed: number;
  readonly taken: number;
}

function held(
  about: string,
  { service, code }: Quota,
  { allowed, needed, taken }: Counts,
  when: string,
): Answer {
  const told = `${allowed}, of which ${taken} are taken and ${needed} needed${when}`;
  return taken + needed <= allowed
    ? passed(about, `is ${told}`)
    : failed(
        about,
        `must be ${taken + needed} at least, got ${told}; run aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${taken + needed}`,
      );
}

/** What was never raised some services list only as what everybody has. */
async function allowedOf(
  access: AwsAccess,
  { service, code }: Quota,
  signal: AbortSignal,
): Promise<number> {
  const client = new ServiceQuotasClient(access);
  const input = { ServiceCode: service, QuotaCode: code };
  const options = { abortSignal: signal };
  const answer = await client
    .send(new GetServiceQuotaCommand(input), options)
    .catch(async (cause: unknown) => {
      if (!(cause instanceof Error) || cause.name !== 'NoSuchResourceException') throw cause;
      return await client.send(new GetAWSDefaultServiceQuotaCommand(input), options);
    });
  const value = answer.Quota?.Value;
  if (value === undefined) throw new Error(`Service Quotas gave no value for ${code}`);
  return value;
}

/** Families that one quota counts together. Source: Amazon EC2 User Guide, "On-Demand Instance quotas" */
const STANDARD = /^[acdhimrtz]\d/;

async function processorsOf(client: EC2Client, type: string, signal: AbortSignal): Promise<number> {
  const { InstanceTypes: [found] = [] } = await client.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: [type as InstanceType] }),
    { abortSignal: signal },
  );
  const count = found?.VCpuInfo?.DefaultVCpus;
  if (count === undefined) throw new Error(`EC2 gave no processors of ${type}`);
  return count;
}

async function runningProcessors(client: EC2Client, signal: AbortSignal): Promise<number> {
  const running = [{ Name: 'instance-state-name', Values: ['pending', 'running'] }];
  return await countOf(
    paginateDescribeInstances({ client }, { Filters: running }, { abortSignal: signal }),
    ({ Reservations = [] }) =>
      Reservations.flatMap(({ Instances = [] }) => Instances)
        .filter(
          ({ InstanceType: type = '', InstanceLifecycle }) =>
            STANDARD.test(type) && InstanceLifecycle !== 'spot',
        )
        .reduce(
          (sum, { CpuOptions: { CoreCount = 0, ThreadsPerCore = 1 } = {} }) =>
            sum + CoreCount * ThreadsPerCore,
          0,
        ),
  );
}

async function countOf<Page>(
  pages: AsyncIterable<Page>,
  count: (page: Page) => number,
): Promise<number> {
  let sum = 0;
  for await (const page of pages) sum += count(page);
  return sum;
}
