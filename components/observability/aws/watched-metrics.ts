import type { CLOUD_METRICS } from '@meridian/language/cloud-metrics.ts';

/** Seconds that a value of CloudWatch stands for, and after which the exporter asks for the next: each one is asked for once. */
export const PERIOD_SECONDS = 300;

/** How a metric is made one number of a period. Source: Amazon CloudWatch User Guide, "Statistics" */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'Sum';

/** A metric of CloudWatch, and the name that rules know it by. */
export interface WatchedMetric {
  readonly metric: string;
  readonly statistic: Statistic;
  readonly as: keyof typeof CLOUD_METRICS;
}

/** Metrics of a namespace that have the same dimensions and no others. */
export interface WatchedNamespace {
  /** By which the exporter names them. */
  readonly name: string;
  readonly namespace: string;
  readonly dimensions: readonly string[];
  readonly metrics: readonly WatchedMetric[];
  /** Whether a value stands for a whole day, in UTC: what happens once a day is seldom in the last minutes. @default no */
  readonly isDaily?: boolean;
}

const of = (
  as: WatchedMetric['as'],
  metric: string,
  statistic: Statistic = 'Maximum',
): WatchedMetric => ({ metric, statistic, as });

/**
 * What is asked of CloudWatch. Names and dimensions are those of AWS's own guides, and of the list that Grafana keeps of them
 * (grafana-aws-sdk, pkg/cloudWatchConsts/metrics.go at bffb8adb); nobody has recorded them here. Each is free at AWS but for the
 * asking: brokers tell these at the level 'DEFAULT'.
 *
 * - RDS User Guide, "Amazon CloudWatch instance-level metrics for Amazon RDS": instances of a Multi-AZ DB cluster, each by itself
 * - AWS Backup Developer Guide, "AWS Backup metrics with CloudWatch"; that there is one of a vault alone, public alarms show
 * - Amazon MSK Developer Guide, "Amazon MSK metrics for monitoring Standard brokers with CloudWatch"
 * - Amazon ElastiCache User Guide, "Metrics for Valkey and Redis OSS" and "Host-Level Metrics"
 * - User Guide for Network Load Balancers, "CloudWatch metrics for your Network Load Balancer": healthy targets by their maximum,
 *   unhealthy ones by their minimum
 * - Amazon VPC User Guide, "NAT gateway metrics and dimensions"
 * - Amazon EKS User Guide, "Monitor cluster data with Amazon CloudWatch"
 */
export const WATCHED: readonly WatchedNamespace[] = [
  {
    name: 'postgres',
    namespace: 'AWS/RDS',
    dimensions: ['DBInstanceIdentifier'],
    metrics: [
      of('rdsFreeStorage', 'FreeStorageSpace', 'Minimum'),
      of('rdsReplicaLag', 'ReplicaLag'),
      of('rdsUsedTransactionIds', 'MaximumUsedTransactionIDs'),
      of('rdsCpu', 'CPUUtilization', 'Average'),
      of('rdsConnections', 'DatabaseConnections'),
      of('rdsReads', 'ReadIOPS', 'Average'),
      of('rdsWrites', 'WriteIOPS', 'Average'),
      of('rdsOperationsLeft', 'EBSIOBalance%', 'Minimum'),
    ],
  },
  {
    name: 'postgres-vault',
    namespace: 'AWS/Backup',
    dimensions: ['BackupVaultName'],
    metrics: [of('vaultSnapshots', 'NumberOfBackupJobsCompleted', 'Sum')],
    isDaily: true,
  },
  {
    name: 'kafka',
    namespace: 'AWS/Kafka',
    dimensions: ['Cluster Name'],
    metrics: [
      of('kafkaActiveControllers', 'ActiveControllerCount'),
      of('kafkaOfflinePartitions', 'OfflinePartitionsCount'),
    ],
  },
  {
    name: 'brokers',
    namespace: 'AWS/Kafka',
    dimensions: ['Cluster Name', 'Broker ID'],
    metrics: [
      of('kafkaDiskUsed', 'KafkaDataLogsDiskUsed'),
      of('kafkaBehindPartitions', 'UnderReplicatedPartitions'),
    ],
  },
  {
    name: 'redis',
    namespace: 'AWS/ElastiCache',
    dimensions: ['CacheClusterId'],
    metrics: [
      of('valkeyMemoryUsed', 'DatabaseMemoryUsagePercentage'),
      of('valkeyReplicaLag', 'ReplicationLag'),
      of('valkeyEngineCpu', 'EngineCPUUtilization'),
      of('valkeyCpu', 'CPUUtilization'),
    ],
  },
  {
    name: 'redis-keys',
    namespace: 'AWS/ElastiCache',
    dimensions: ['CacheClusterId'],
    metrics: [of('valkeyEvictions', 'Evictions', 'Sum')],
  },
  {
    name: 'edge-targets',
    namespace: 'AWS/NetworkELB',
    dimensions: ['AvailabilityZone', 'LoadBalancer', 'TargetGroup'],
    metrics: [
      of('edgeHealthyTargets', 'HealthyHostCount'),
      of('edgeUnhealthyTargets', 'UnHealthyHostCount', 'Minimum'),
    ],
  },
  {
    name: 'edge',
    namespace: 'AWS/NetworkELB',
    dimensions: ['LoadBalancer'],
    metrics: [
      of('edgePortErrors', 'PortAllocationErrorCount', 'Sum'),
      of('edgeClientResets', 'TCP_Client_Reset_Count', 'Sum'),
      of('edgeBalancerResets', 'TCP_ELB_Reset_Count', 'Sum'),
      of('edgeTargetResets', 'TCP_Target_Reset_Count', 'Sum'),
    ],
  },
  {
    name: 'ways-out',
    namespace: 'AWS/NATGateway',
    dimensions: ['NatGatewayId'],
    metrics: [
      of('natPortErrors', 'ErrorPortAllocation', 'Sum'),
      of('natDrops', 'PacketsDropCount', 'Sum'),
    ],
  },
  {
    name: 'cluster',
    namespace: 'AWS/EKS',
    dimensions: ['ClusterName'],
    metrics: [of('clusterStoreSize', 'apiserver_storage_size_bytes')],
  },
  {
    name: 'cluster-requests',
    namespace: 'AWS/EKS',
    dimensions: ['ClusterName'],
    metrics: [of('clusterErrors', 'apiserver_request_total_5XX', 'Sum')],
  },
];
