import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { Metric } from '@meridian/language/metrics.ts';
import type { Severity } from '../../model/alert.ts';
import type { Unit } from './alert.ts';
import { minutes, promql, series } from './promql.ts';
import type { Pattern, Query } from './promql.ts';

/** What is known of engines that AWS manages. A pattern is of names that AWS gives, of which the beginning is known. */
export interface CloudWatchSettings {
  readonly postgres: {
    readonly instances: Pattern;
    /** What each of them has for its data. */
    readonly storageBytes: number;
    /** Where a snapshot of each day is. */
    readonly vaults: Pattern;
  };
  readonly kafka: { readonly cluster: string };
  readonly redis: { readonly nodes: Pattern };
  readonly edge: { readonly balancers: Pattern; readonly targetGroups: Pattern };
  /** Whether the gateways to the internet are made here: of others it is not known that there are any. */
  readonly hasWaysOut: boolean;
  readonly cluster: string;
}

/** What is looked at of something that AWS manages. */
export interface CloudLimit {
  readonly name: string;
  /** As alerts name it. */
  readonly service: string;
  readonly feels: string;
  readonly severity: Severity;
  readonly runbook: string;
  readonly unit: Unit;
  readonly comparison: '>' | '<';
  readonly limit: number;
  readonly says: string;
  readonly forMinutes: number;
  readonly value: Query;
  /** Alerts that say the same, and more of it. @default none */
  readonly besides?: readonly string[];
}

/** Beyond any limit of a quorum or of an index, and far from where the server stops by itself. */
const TRANSACTION_IDS = 1_000_000_000;

/** Source: Amazon EKS Best Practices Guide, "etcd database size": the API takes no change beyond it. */
export const STORE_BYTES = 8 * 1_024 ** 3;

/** Nearly the two days after which the count is another; within 42 hours a new cluster is told to have one. */
const VAULT_MINUTES = 47 * 60;

/** A sum stands for five minutes; an alert on one stays for as long as somebody takes to look. */
const LOOK = minutes(15);

/** What was told: a value that AWS has not told is not a number, and equals none. */
function told(query: Query): Query {
  return promql`(${query} >= 0)`;
}

/** The most that was added up in five minutes of the last fifteen. */
function lately(metric: Pick<Metric, 'name'>, matchers: Parameters<typeof series>[1] = {}): Query {
  return told(promql`max_over_time(${series(metric, matchers)}[${LOOK}])`);
}

const percentOf = (query: Query): Query => promql`max(${told(query)}) / 100`;

const PAGE = { severity: 'page', forMinutes: 15 } as const;
const TICKET = { severity: 'ticket', forMinutes: 30 } as const;
const SHARE = { unit: 'percent', comparison: '>' } as const;
const ANY = { unit: 'count', comparison: '>', limit: 0 } as const;

/** Of instances of the database. */
export function postgresLimits({ postgres }: CloudWatchSettings): readonly CloudLimit[] {
  const of = { dimension_dbinstance_identifier: postgres.instances };
  const { rdsFreeStorage, rdsReplicaLag, rdsUsedTransactionIds, vaultSnapshots } = METRIC_REGISTRY;
  const snapshots = series(vaultSnapshots, { dimension_backup_vault_name: postgres.vaults });
  const free = promql`min(${told(series(rdsFreeStorage, of))}) / ${postgres.storageBytes}`;
  const disk = { service: 'postgres', runbook: 'postgres-volume', unit: 'percent' } as const;
  return [
    {
      ...{ name: 'PostgresDiskFull', ...PAGE, ...disk, comparison: '<', limit: 0.1, value: free },
      feels: 'Soon no change is taken: the volume of an instance of the database is nearly full',
      says: 'less than 10 % of the volume of any instance left, for 15 minutes',
    },
    {
      ...{
        name: 'PostgresDiskFills',
        ...TICKET,
        ...disk,
        comparison: '<',
        limit: 0.2,
        value: free,
      },
      feels: 'Nobody feels it yet: when the volume of the database is full, no change is taken',
      says: 'less than 20 % of the volume of any instance left, for 30 minutes',
      besides: ['PostgresDiskFull'],
    },
    {
      ...{ name: 'PostgresReaderBehind', severity: 'ticket', forMinutes: 15, service: 'postgres' },
      ...{ runbook: 'postgres-pressure', unit: 'seconds', comparison: '>', limit: 60 },
      value: promql`max(${told(series(rdsReplicaLag, of))})`,
      feels:
        'Nobody feels it yet: a reader of the database is behind, and would take as long to become the writer',
      says: 'a minute behind, for 15 minutes',
      besides: ['PostgresReplication'],
    },
    {
      ...{ name: 'PostgresTransactionIds', ...TICKET, service: 'postgres', unit: 'count' },
      ...{ runbook: 'postgres-pressure', comparison: '>', limit: TRANSACTION_IDS },
      value: promql`max(${told(series(rdsUsedTransactionIds, of))})`,
      feels:
        'Nobody feels it yet: old rows are not frozen, and at twice as many transactions no change is taken',
      says: 'a thousand million transactions since the oldest that is not frozen, for 30 minutes',
    },
    {
      ...{ name: 'PostgresVaultOld', service: 'postgres', runbook: 'postgres-backup' },
      ...{ severity: 'ticket', unit: 'count', comparison: '<', limit: 1 },
      forMinutes: VAULT_MINUTES,
      // Of a day without one AWS says nothing.
      value: promql`max(${told(snapshots)}) or vector(0)`,
      feels:
        'Nobody feels it yet: if the database were deleted, days would be lost, as no snapshot comes into its vault',
      says: 'no snapshot in the vault on two days',
      besides: ['CloudMetricsUnseen'],
    },
  ];
}

/** Of brokers and their cluster. */
export function kafkaLimits({ kafka }: CloudWatchSettings): readonly CloudLimit[] {
  const of = { dimension_cluster_name: kafka.cluster };
  const { kafkaDiskUsed, kafkaActiveControllers, kafkaOfflinePartitions, kafkaBehindPartitions } =
    METRIC_REGISTRY;
  const disk = { service: 'kafka', runbook: 'kafka-volume', ...SHARE } as const;
  const partitions = { service: 'kafka', runbook: 'kafka-partitions' } as const;
  const used = percentOf(series(kafkaDiskUsed, of));
  return [
    {
      ...{ name: 'KafkaDiskFull', ...PAGE, ...disk, limit: 0.9, value: used },
      feels: 'Soon what users change is not passed on: the volume of a broker is nearly full',
      says: '90 % of the volume of any broker, for 15 minutes',
    },
    {
      ...{ name: 'KafkaDiskFills', ...TICKET, ...disk, limit: 0.8, value: used },
      feels: 'Nobody feels it yet: the volume of a broker fills, and has not grown by itself',
      says: '80 % of the volume of any broker, for 30 minutes',
      besides: ['KafkaDiskFull'],
    },
    {
      ...{ name: 'KafkaWithoutController', ...PAGE, ...partitions, unit: 'count' },
      ...{ comparison: '<', limit: 1 },
      value: promql`max(${told(series(kafkaActiveControllers, of))})`,
      feels: 'Soon what users change is not passed on: no broker leads the others',
      says: 'no active controller, for 15 minutes',
      besides: ['KafkaOffline'],
    },
    {
      ...{ name: 'KafkaOfflineAtAws', ...PAGE, ...partitions, ...ANY },
      value: promql`max(${told(series(kafkaOfflinePartitions, of))})`,
      feels:
        'What users change is not passed on: AWS says of partitions that they have no leader, and nothing else does',
      says: 'any partition without a leader, for 15 minutes',
      besides: ['KafkaOffline'],
    },
    {
      ...{ name: 'KafkaBehindAtAws', ...TICKET, ...partitions, ...ANY },
      value: promql`max(${told(series(kafkaBehindPartitions, of))})`,
      feels:
        'Nobody feels it yet: AWS says of events that they have fewer copies than they should, and nothing else does',
      says: 'any partition with a copy that is not up to date, for 30 minutes',
      besides: ['KafkaUnderReplicated'],
    },
  ];
}

/** Of the nodes that keep caches and counts. */
export function redisLimits({ redis }: CloudWatchSettings): readonly CloudLimit[] {
  const of = { dimension_cache_cluster_id: redis.nodes };
  const { valkeyMemoryUsed, valkeyEvictions, valkeyReplicaLag } = METRIC_REGISTRY;
  const node = { service: 'redis', runbook: 'redis-evictions' } as const;
  return [
    {
      ...{ name: 'ValkeyMemory', ...TICKET, ...node, ...SHARE, limit: 0.9 },
      value: percentOf(series(valkeyMemoryUsed, of)),
      feels: 'Nobody feels it yet: caches are nearly full, and soon drop what is still of use',
      says: '90 % of the memory of any node, for 30 minutes',
    },
    {
      ...{ name: 'ValkeyEvicts', ...node, ...ANY, severity: 'ticket', forMinutes: 2 },
      value: promql`max(${lately(valkeyEvictions, of)})`,
      feels:
        'Users wait a little longer: what was cached, or counted for limits, was dropped for want of memory',
      says: 'any key dropped within 5 minutes of the last 15',
      besides: ['RedisEvicts'],
    },
    {
      ...{ name: 'ValkeyReplicaBehind', ...node, severity: 'ticket', forMinutes: 15 },
      ...{ unit: 'seconds', comparison: '>', limit: 30 },
      value: promql`max(${told(series(valkeyReplicaLag, of))})`,
      feels:
        'Nobody feels it yet: a copy of what is counted for limits is behind, and more of it would be lost with a node',
      says: '30 seconds behind, for 15 minutes',
    },
  ];
}

/** By the zone in which the balancer looks. */
const byZone = (query: Query): Query =>
  promql`label_replace(max by (dimension_availability_zone) (${query}), "operation", "$1", "dimension_availability_zone", "(.+)")`;

/** Of what brings users' connections to the proxies. */
export function edgeLimits({ edge }: CloudWatchSettings): readonly CloudLimit[] {
  const targets = { dimension_target_group: edge.targetGroups };
  const { edgeHealthyTargets, edgeUnhealthyTargets, edgePortErrors } = METRIC_REGISTRY;
  const balancer = { service: 'balancer', runbook: 'edge-targets', unit: 'count' } as const;
  return [
    {
      ...{ name: 'EdgeWithoutTargets', ...balancer, severity: 'page', forMinutes: 5 },
      ...{ comparison: '<', limit: 1 },
      value: promql`min(${told(series(edgeHealthyTargets, targets))})`,
      feels: 'Users do not reach the platform by one address of three: no proxy answers it',
      says: 'no healthy proxy as the balancer sees it from any zone, for 5 minutes',
    },
    {
      ...{ name: 'EdgeTargetsUnhealthy', ...balancer, ...ANY, severity: 'ticket', forMinutes: 15 },
      value: byZone(told(series(edgeUnhealthyTargets, targets))),
      feels: 'Nobody feels it yet: fewer proxies take connections than there should be',
      says: 'any proxy that does not answer the balancer, for 15 minutes',
      besides: ['EdgeWithoutTargets'],
    },
    {
      ...{ name: 'EdgePortsUsedUp', ...balancer, ...ANY, severity: 'page', forMinutes: 2 },
      value: promql`max(${lately(edgePortErrors, { dimension_load_balancer: edge.balancers })})`,
      feels: 'Some users do not reach the platform: the balancer has no port left towards proxies',
      says: 'any connection without a port within 5 minutes of the last 15',
    },
  ];
}

/** Of the ways from the cluster to the internet. */
export function wayOutLimits(): readonly CloudLimit[] {
  const ports = promql`max by (dimension_nat_gateway_id) (${lately(METRIC_REGISTRY.natPortErrors)})`;
  return [
    {
      ...{ name: 'NatPortsUsedUp', service: 'way-out', runbook: 'way-out', ...ANY },
      ...{ severity: 'page', forMinutes: 2 },
      value: promql`label_replace(${ports}, "operation", "$1", "dimension_nat_gateway_id", "(.+)")`,
      feels:
        'Some payments fail, and alerts may not get out: a way to the internet has no port left',
      says: 'any connection without a port within 5 minutes of the last 15',
    },
  ];
}

/** Of the control plane. */
export function clusterLimits({ cluster }: CloudWatchSettings): readonly CloudLimit[] {
  const size = series(METRIC_REGISTRY.clusterStoreSize, { dimension_cluster_name: cluster });
  const store = { service: 'cluster', runbook: 'cluster-store', ...SHARE } as const;
  const value = promql`max(${told(size)}) / ${STORE_BYTES}`;
  return [
    {
      ...{ name: 'ClusterStoreFull', ...PAGE, ...store, limit: 0.9, value },
      feels: 'Soon the cluster takes no change: no pod is started, and none is replaced',
      says: '90 % of what its API can keep, for 15 minutes',
    },
    {
      ...{ name: 'ClusterStoreFills', ...TICKET, ...store, limit: 0.75, value },
      feels: 'Nobody feels it yet: objects of the cluster fill what its API can keep',
      says: '75 % of what its API can keep, for 30 minutes',
      besides: ['ClusterStoreFull'],
    },
  ];
}
