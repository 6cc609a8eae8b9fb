import {
  ElastiCacheClient,
  DescribeCacheEngineVersionsCommand,
  DescribeReservedCacheNodesOfferingsCommand,
} from '@aws-sdk/client-elasticache';
import { KafkaClient, ListKafkaVersionsCommand } from '@aws-sdk/client-kafka';
import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  paginateDescribeOrderableDBInstanceOptions,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { OrderableDBInstanceOption } from '@aws-sdk/client-rds';
import { failed, passed, unchecked } from '../answer.ts';
import type { Answer, Check } from '../answer.ts';
import type { StackNeeds } from '../stack-needs.ts';
import type { AwsAccess } from './aws-access.ts';

/** Whether what AWS runs for the platform can be had, of the type and version that the stack names. */
export function engineChecks(access: AwsAccess, needs: StackNeeds): readonly Check[] {
  const { redis, kafka, postgres } = needs;
  return [
    postgresCheck(access, needs),
    ...(postgres.restoreFrom === undefined ? [] : [restoreCheck(access, postgres.restoreFrom)]),
    ...(redis === undefined ? [] : [redisCheck(access, redis)]),
    ...(kafka === undefined ? [] : [kafkaCheck(access, kafka)]),
  ];
}

function postgresCheck(access: AwsAccess, { postgres, zones }: StackNeeds): Check {
  const about = `PostgreSQL ${postgres.version} on '${postgres.type}'`;
  return {
    about,
    run: async (signal) => {
      const offers: OrderableDBInstanceOption[] = [];
      const pages = paginateDescribeOrderableDBInstanceOptions(
        { client: new RDSClient(access) },
        { Engine: 'postgres', DBInstanceClass: postgres.type, Vpc: true },
        { abortSignal: signal },
      );
      for await (const page of pages) offers.push(...(page.OrderableDBInstanceOptions ?? []));
      const clusters = offers.filter(
        ({ EngineVersion = '', SupportsClusters }) =>
          SupportsClusters === true && EngineVersion.split('.')[0] === postgres.version,
      );
      const places = clusters.flatMap(({ AvailabilityZones = [] }) =>
        AvailabilityZones.map(({ Name }) => Name),
      );
      const lacking = zones.filter(({ availabilityZone }) => !places.includes(availabilityZone));
      if (lacking.length === 0) return [passed(about, 'can be had as a DB cluster over the zones')];
      const given = lacking.map(({ availabilityZone }) => `'${availabilityZone}'`).join(', ');
      return [
        failed(
          about,
          `must be offered as a DB cluster in every zone, got none in ${given}; set topologyZones or size`,
        ),
      ];
    },
  };
}

function restoreCheck(
  access: AwsAccess,
  source: NonNullable<StackNeeds['postgres']['restoreFrom']>,
): Check {
  const name = 'snapshot' in source ? source.snapshot : source.cluster;
  const about = `PostgreSQL's first data, '${name}'`;
  return {
    about,
    run: async (signal) => {
      const client = new RDSClient(access);
      const options = { abortSignal: signal };
      try {
        if ('snapshot' in source) {
          const found = await client.send(
            new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: name }),
            options,
          );
          const state = found.DBClusterSnapshots?.[0]?.Status ?? 'not there';
          return [
            state === 'available'
              ? passed(about, 'are there')
              : failed(
                  about,
                  `must be available, got '${state}'; wait, or set postgresRestoreFrom`,
                ),
          ];
        }
        await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }), options);
        return [passed(about, 'are there')];
      } catch (cause) {
        if (!(cause instanceof Error) || !cause.name.includes('NotFound')) throw cause;
        return [failed(about, 'must be there, got nothing; set postgresRestoreFrom')];
      }
    },
  };
}

function redisCheck(access: AwsAccess, redis: NonNullable<StackNeeds['redis']>): Check {
  const about = `Valkey ${redis.version} on '${redis.type}'`;
  return {
    about,
    run: async (signal) => {
      const client = new ElastiCacheClient(access);
      const options = { abortSignal: signal };
      const { CacheEngineVersions: versions = [] } = await client.send(
        new DescribeCacheEngineVersionsCommand({ Engine: redis.engine }),
        options,
      );
      const offered = versions.map(({ EngineVersion = '' }) => EngineVersion);
      const isOffered = offered.some((one) => `${one}.`.startsWith(`${redis.version}.`));
      // ElastiCache lists nowhere which types it has: what can be reserved can be had.
      const { ReservedCacheNodesOfferings: offers = [] } = await client.send(
        new DescribeReservedCacheNodesOfferingsCommand({ CacheNodeType: redis.type }),
        options,
      );
      return [
        isOffered
          ? passed(about, 'is a version that ElastiCache has')
          : failed(
              about,
              `must be a version that ElastiCache has, got none of ${offered.join(', ')}; change components/redis/aws.ts`,
            ),
        offers.length > 0
          ? passed(about, 'is of a type that this region has')
          : failed(
              about,
              'must be of a type that can be had in this region, got none that can be reserved; set size',
            ),
        unchecked(about, 'no API of ElastiCache says which zones have the type'),
      ];
    },
  };
}

function kafkaCheck(access: AwsAccess, kafka: NonNullable<StackNeeds['kafka']>): Check {
  const about = `Kafka ${kafka.version} on '${kafka.type}'`;
  return {
    about,
    run: async (signal): Promise<readonly Answer[]> => {
      const { KafkaVersions: versions = [] } = await new KafkaClient(access).send(
        new ListKafkaVersionsCommand({ MaxResults: 100 }),
        { abortSignal: signal },
      );
      const state = versions.find(({ Version }) => Version === kafka.version)?.Status;
      return [
        state === 'ACTIVE'
          ? passed(about, 'is a version that MSK has')
          : failed(
              about,
              `must be a version that MSK makes clusters of, got one that is '${state ?? 'not there'}'; change components/kafka/aws.ts`,
            ),
        unchecked(about, 'no API of MSK says which types of brokers a zone has'),
      ];
    },
  };
}
