import { CLOUD_METRICS } from './cloud-metrics.ts';
import { counter, gauge } from './metric.ts';

/** Names how often whoever asks the engines does, in milliseconds: as often as metrics are fetched. */
export const ENGINE_POLL_VARIABLE = 'MERIDIAN_ENGINE_POLL_MS';

/** Of a Certificate; its namespace is not the one that it is scraped in. */
const ISSUED_LABELS = ['name', 'issuer_name', 'issuer_kind', 'issuer_group'] as const;

/**
 * Metrics of engines and of the machine. Those of engines are what `services/watch/engine-metrics` asks them for, those
 * of the archive and of volumes what CloudNativePG and its plugin say, those of a cloud what it says itself (./cloud-metrics.ts), the `system_` ones are the host's as the collector sees them (hostmetrics), and `process_` ones are of every process of
 * ours (prom-client's defaults).
 */
export const ENGINE_METRICS = {
  /** 1 for a process of an engine that answers, 0 for one that does not; absent while nobody asks. */
  engineUp: gauge('engine_up', 'engine', 'node'),
  /** Sessions of clients, by what they do. */
  postgresConnections: gauge('postgres_connections', 'state'),
  postgresConnectionsMax: gauge('postgres_connections_max'),
  /** Sessions that wait for a lock of another. */
  postgresLocksWaiting: gauge('postgres_locks_waiting'),
  postgresOldestTransaction: gauge('postgres_oldest_transaction_age_seconds'),
  postgresReplicas: gauge('postgres_replicas'),
  /** Of the replica that is furthest behind; absent where there is none. */
  postgresReplicationLag: gauge('postgres_replication_lag_seconds'),
  /** Age of the oldest part of its log that waits for the archive, 0 where none waits; absent where it archives nothing. */
  postgresArchiveWaiting: gauge('postgres_archive_waiting_age_seconds'),
  /**
   * Moments since 1970, in seconds: from which on a server can be restored from its archive, and of the newest copy there;
   * 0 where there is none. Source: plugin-barman-cloud 0.15.0, internal/cnpgi/instance/metrics.go
   */
  archiveFirstRestorePoint: gauge('barman_cloud_cloudnative_pg_io_first_recoverability_point'),
  archiveLastCopy: gauge('barman_cloud_cloudnative_pg_io_last_available_backup_timestamp'),
  /**
   * Bytes of the folder of the log ('size') and of its volume ('volume_size'), and counts of its files. Source: CloudNativePG
   * 1.30.1, pkg/management/postgres/webserver/metricserver/wal.go
   */
  instanceLog: gauge('cnpg_collector_pg_wal', 'value'),
  /** Of each database of an instance. Source: CloudNativePG 1.30.1, config/manager/default-monitoring.yaml */
  instanceDatabaseSize: gauge('cnpg_pg_database_size_bytes', 'datname'),
  /** When a certificate ends that somebody shows in a TLS handshake, of those in its chain the first, in seconds since 1970. */
  servedCertificateExpiry: gauge('served_certificate_not_after_seconds', 'endpoint'),
  /**
   * When a certificate of cert-manager ends, and from when on it is renewed. Source: cert-manager 1.21.2,
   * internal/collectors/certificate_collector.go
   */
  issuedCertificateExpiry: gauge(
    'certmanager_certificate_expiration_timestamp_seconds',
    ...ISSUED_LABELS,
  ),
  issuedCertificateRenewal: gauge(
    'certmanager_certificate_renewal_timestamp_seconds',
    ...ISSUED_LABELS,
  ),
  /**
   * When an authority ends that Strimzi has made, in milliseconds since 1970. Source: Strimzi 1.2.0,
   * KafkaAssemblyOperatorMetricsHolder.java; CertificateMetricKey.java: 'cluster-ca' and 'client-ca'
   */
  kafkaAuthorityExpiry: gauge('strimzi_certificate_expiration_timestamp_ms', 'cluster', 'type'),
  redisMemoryUsed: gauge('redis_memory_used_bytes'),
  redisMemoryMax: gauge('redis_memory_max_bytes'),
  /** Keys that were dropped for want of memory. */
  redisEvictedKeys: counter('redis_evicted_keys_total'),
  redisClients: gauge('redis_connected_clients'),
  /** Partitions of which a copy is not up to date, and those that have no leader. */
  kafkaUnderReplicated: gauge('kafka_under_replicated_partitions'),
  kafkaOffline: gauge('kafka_offline_partitions'),
  /** Records that a group has not read yet, over the partitions of a topic. */
  kafkaGroupLag: gauge('kafka_group_lag_records', 'group', 'topic'),
  /** 1 for the status that it has, 0 for the others: green, yellow, red. */
  elasticsearchStatus: gauge('elasticsearch_cluster_status', 'status'),
  elasticsearchUnassignedShards: gauge('elasticsearch_unassigned_shards'),
  /** Spans, lines or samples that wait on a collector's disk for a store, and how many may. */
  collectorQueueSize: gauge('otelcol_exporter_queue_size', 'data_type', 'exporter'),
  collectorQueueCapacity: gauge('otelcol_exporter_queue_capacity', 'data_type', 'exporter'),
  /** Shares of 1. */
  hostFilesystemUtilization: gauge(
    'system_filesystem_utilization',
    'device',
    'mode',
    'mountpoint',
    'type',
  ),
  hostMemoryUtilization: gauge('system_memory_utilization', 'state'),
  processOpenFds: gauge('process_open_fds'),
  processMaxFds: gauge('process_max_fds'),
  ...CLOUD_METRICS,
} as const;
