import { counter, gauge } from './metric.ts';

/** What the exporter says of every series, beside the dimensions of CloudWatch: its job there, and whose it is. */
const OF_EXPORTER = ['name', 'account_id', 'region'] as const;

const instance = [...OF_EXPORTER, 'dimension_dbinstance_identifier'] as const;
const cluster = [...OF_EXPORTER, 'dimension_cluster_name'] as const;
const broker = [...cluster, 'dimension_broker_id'] as const;
const node = [...OF_EXPORTER, 'dimension_cache_cluster_id'] as const;
const balancer = [...OF_EXPORTER, 'dimension_load_balancer'] as const;
const targets = [...balancer, 'dimension_availability_zone', 'dimension_target_group'] as const;
const vault = [...OF_EXPORTER, 'dimension_backup_vault_name'] as const;
const way = [...OF_EXPORTER, 'dimension_nat_gateway_id'] as const;

/**
 * What AWS says of the engines that it manages, as yet-another-cloudwatch-exporter names it. Which metric of CloudWatch each of
 * them is stands in components/observability/aws/watched-metrics.ts, where a test holds names and labels against what the
 * exporter makes of it. A value that AWS has not told is not a number here, and not absent.
 */
export const CLOUD_METRICS = {
  /** Bytes that an instance of the database has left for its data. */
  rdsFreeStorage: gauge('aws_rds_free_storage_space_minimum', ...instance),
  /** Seconds that a reader is behind the writer. */
  rdsReplicaLag: gauge('aws_rds_replica_lag_maximum', ...instance),
  /** The oldest transaction that is not frozen, counted back from now: at two thousand millions the server stops. */
  rdsUsedTransactionIds: gauge('aws_rds_maximum_used_transaction_ids_maximum', ...instance),
  /** Percent. */
  rdsCpu: gauge('aws_rds_cpuutilization_average', ...instance),
  rdsConnections: gauge('aws_rds_database_connections_maximum', ...instance),
  /** Operations a second. */
  rdsReads: gauge('aws_rds_read_iops_average', ...instance),
  rdsWrites: gauge('aws_rds_write_iops_average', ...instance),
  /** Percent of what an instance may do beyond its share of operations for a while. */
  rdsOperationsLeft: gauge('aws_rds_ebsiobalance_percent_minimum', ...instance),
  /** Snapshots that came into the vault on the day before, in UTC; not a number where AWS knows of none. */
  vaultSnapshots: gauge('aws_backup_number_of_backup_jobs_completed_sum', ...vault),
  kafkaActiveControllers: gauge('aws_kafka_active_controller_count_maximum', ...cluster),
  kafkaOfflinePartitions: gauge('aws_kafka_offline_partitions_count_maximum', ...cluster),
  /** Percent of the volume of a broker. */
  kafkaDiskUsed: gauge('aws_kafka_data_logs_disk_used_maximum', ...broker),
  kafkaBehindPartitions: gauge('aws_kafka_under_replicated_partitions_maximum', ...broker),
  /** Percent of what a node may keep. */
  valkeyMemoryUsed: gauge('aws_elasticache_database_memory_usage_percentage_maximum', ...node),
  /** Keys within five minutes. */
  valkeyEvictions: gauge('aws_elasticache_evictions_sum', ...node),
  /** Seconds that a replica is behind. */
  valkeyReplicaLag: gauge('aws_elasticache_replication_lag_maximum', ...node),
  /** Percent: of the thread that runs commands, and of all processors of the node. */
  valkeyEngineCpu: gauge('aws_elasticache_engine_cpuutilization_maximum', ...node),
  valkeyCpu: gauge('aws_elasticache_cpuutilization_maximum', ...node),
  /** Proxies that the balancer sends to, and those that it does not, as its addresses in a zone see it. */
  edgeHealthyTargets: gauge('aws_networkelb_healthy_host_count_maximum', ...targets),
  edgeUnhealthyTargets: gauge('aws_networkelb_un_healthy_host_count_minimum', ...targets),
  /** Connections within five minutes that found no port on the way to a proxy. */
  edgePortErrors: gauge('aws_networkelb_port_allocation_error_count_sum', ...balancer),
  /** Connections that were broken off within five minutes, by whom. */
  edgeClientResets: gauge('aws_networkelb_tcp_client_reset_count_sum', ...balancer),
  edgeBalancerResets: gauge('aws_networkelb_tcp_elb_reset_count_sum', ...balancer),
  edgeTargetResets: gauge('aws_networkelb_tcp_target_reset_count_sum', ...balancer),
  /** Connections to the internet within five minutes that found no port, and packets that were dropped. */
  natPortErrors: gauge('aws_natgateway_error_port_allocation_sum', ...way),
  natDrops: gauge('aws_natgateway_packets_drop_count_sum', ...way),
  /** Bytes of all objects of the cluster, as its API keeps them. */
  clusterStoreSize: gauge('aws_eks_apiserver_storage_size_bytes_maximum', ...cluster),
  /** Requests of the cluster's API within five minutes that failed by its own fault. */
  clusterErrors: gauge('aws_eks_apiserver_request_total_5_xx_sum', ...cluster),
  /** What the exporter has asked of CloudWatch, failed or not. */
  cloudRequests: counter('yace_cloudwatch_requests_total', 'api_name'),
} as const;
