import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_RPC_METHOD,
  ATTR_RPC_STATUS_CODE,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_NAMESPACE,
  ATTR_SERVICE_VERSION,
  METRIC_DB_CLIENT_OPERATION_DURATION,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
  METRIC_RPC_CLIENT_CALL_DURATION,
  METRIC_RPC_SERVER_CALL_DURATION,
} from '@opentelemetry/semantic-conventions';

/**
 * Every telemetry name that services emit. Names follow the OpenTelemetry semantic conventions as
 * of @opentelemetry/semantic-conventions 1.45; those of metrics are translated for Prometheus: dots
 * become underscores, the unit becomes a suffix. Source: OpenTelemetry, "Prometheus and
 * OpenMetrics Compatibility".
 */
export const ATTRIBUTES = {
  serviceName: ATTR_SERVICE_NAME,
  serviceNamespace: ATTR_SERVICE_NAMESPACE,
  serviceVersion: ATTR_SERVICE_VERSION,
  serviceInstanceId: ATTR_SERVICE_INSTANCE_ID,
  deploymentEnvironmentName: ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  // Still in development in the conventions, so not exported by the package's stable entry.
  cloudAvailabilityZone: 'cloud.availability_zone',
  rpcSystemName: ATTR_RPC_SYSTEM_NAME,
  rpcMethod: ATTR_RPC_METHOD,
  rpcStatusCode: ATTR_RPC_STATUS_CODE,
  errorType: ATTR_ERROR_TYPE,
  dbSystemName: ATTR_DB_SYSTEM_NAME,
  dbNamespace: ATTR_DB_NAMESPACE,
  dbOperationName: ATTR_DB_OPERATION_NAME,
  httpRequestMethod: ATTR_HTTP_REQUEST_METHOD,
  httpRoute: ATTR_HTTP_ROUTE,
  httpResponseStatusCode: ATTR_HTTP_RESPONSE_STATUS_CODE,
  /** SPIFFE ID of the caller; ours, as the conventions have no attribute for it. */
  peerSpiffeId: 'meridian.peer.spiffe_id',
} as const;

/** A metric's or label's name as Prometheus has it. */
function translated(name: string, unit?: 'seconds'): string {
  const flat = name.replaceAll('.', '_');
  return unit === undefined ? flat : `${flat}_${unit}`;
}

/** Names of the metrics at /metrics. */
export const METRICS = {
  rpcServerCallDuration: translated(METRIC_RPC_SERVER_CALL_DURATION, 'seconds'),
  rpcClientCallDuration: translated(METRIC_RPC_CLIENT_CALL_DURATION, 'seconds'),
  /** Outgoing RPCs sent again, and those that were not for want of budget or time; ours. */
  rpcClientRetries: 'rpc_client_retries_total',
  httpServerRequestDuration: translated(METRIC_HTTP_SERVER_REQUEST_DURATION, 'seconds'),
  dbClientOperationDuration: translated(METRIC_DB_CLIENT_OPERATION_DURATION, 'seconds'),
  /** The HPA reads this one; ours, as the conventions have none for a queue of requests. */
  requestQueueDepth: 'request_queue_depth',
  requestsActive: 'requests_active',
  requestsShed: 'requests_shed_total',
  /** 1 while there is a connection to Redis, 0 while services do without. */
  redisConnectionUp: 'redis_connection_up',
  /** Reads through a cache, by what came of it. */
  cacheReads: 'cache_reads_total',
  /** Requests that a rate limiter let through or refused, by class and by who decided. */
  rateLimitDecisions: 'rate_limit_decisions_total',
  /** Work that no request waits for and that failed, by its name. */
  backgroundFailures: 'background_failures_total',
  /** 1 for the status that /readyz says, 0 for the others. */
  readinessStatus: 'readiness_status',
  certificateExpiry: 'tls_certificate_not_after_seconds',
  certificateReloads: 'tls_certificate_reloads_total',
  targetInfo: 'target_info',
  outboxUnpublished: 'outbox_unpublished_events',
  outboxOldestAge: 'outbox_oldest_unpublished_age_seconds',
  outboxRelayActive: 'outbox_relay_active',
  outboxPublished: 'outbox_published_total',
  consumerLag: 'consumer_lag_events',
  /** Age of the oldest event that is not handled; absent while nothing is known of that. */
  consumerLagAge: 'consumer_lag_seconds',
  consumerWaiting: 'consumer_waiting',
  consumedEvents: 'consumer_events_total',
  orderChanges: 'order_changes_total',
  sagaEffectsDue: 'saga_effects_due',
  sagaEffectsOldestAge: 'saga_effects_oldest_due_age_seconds',
  sagaStuckOrders: 'saga_stuck_orders',
  sagaUnexpectedFacts: 'saga_unexpected_facts_total',
  ordersUnbalanced: 'orders_unbalanced',
  /** Reservations of stock that nobody committed in time. */
  reservationsExpired: 'reservations_expired_total',
  /** Products whose stock does not add up. */
  stockUnconserved: 'stock_unconserved_products',
  /** What became of operations at the payment provider. */
  paymentOperations: 'payment_operations_total',
  paymentOperationsUnknown: 'payment_operations_unknown',
  paymentOldestUnknownAge: 'payment_operations_oldest_unknown_age_seconds',
  paymentContradictions: 'payment_contradictions_total',
  paymentWebhooks: 'payment_webhooks_total',
  ledgerImbalance: 'ledger_imbalance_minor_units',
  /** Aggregates of which a version is missing. */
  auditGaps: 'audit_gaps',
  /** Records that are kept as bytes, by what of them cannot be read. */
  auditUnreadable: 'audit_unreadable_total',
  /** Events that came again and said something else. */
  auditConflicts: 'audit_conflicts_total',
  /** Age of the oldest event that no published head of the audit log covers. */
  auditLag: 'audit_lag_seconds',
  auditEntries: 'audit_entries_total',
  auditHeadSize: 'audit_head_size',
  auditLogStopped: 'audit_log_stopped',
  /** What the trail and the services say differently, and when that was looked for. */
  auditDiscrepancies: 'audit_reconciliation_discrepancies',
  auditReconciled: 'audit_reconciliation_timestamp_seconds',
} as const;

/** Names of the labels of those metrics. */
export const LABELS = {
  rpcSystemName: translated(ATTRIBUTES.rpcSystemName),
  rpcMethod: translated(ATTRIBUTES.rpcMethod),
  rpcStatusCode: translated(ATTRIBUTES.rpcStatusCode),
  httpRequestMethod: translated(ATTRIBUTES.httpRequestMethod),
  httpRoute: translated(ATTRIBUTES.httpRoute),
  httpResponseStatusCode: translated(ATTRIBUTES.httpResponseStatusCode),
  dbSystemName: translated(ATTRIBUTES.dbSystemName),
  dbNamespace: translated(ATTRIBUTES.dbNamespace),
  dbOperationName: translated(ATTRIBUTES.dbOperationName),
  errorType: translated(ATTRIBUTES.errorType),
  /** 'true' of what was let wait for a change, and so says nothing of how fast the server is; else absent. */
  waited: 'waited',
  /** Name of a cache, such as 'product'. */
  cache: 'cache',
  /** What came of it; the metric's own few words: 'hit', 'handled', … */
  outcome: 'outcome',
  /** Limit class of a caller, such as 'anonymous'. */
  limitClass: 'limit_class',
  /** Which limiter decided: 'shared' or 'local'. */
  limiter: 'limiter',
  /** Folder of a certificate, relative to the working directory. */
  folder: 'folder',
  /** Work in the background, such as 'cache product'. */
  task: 'task',
  /** What /readyz says: 'ready', 'degraded' or 'unready'. */
  status: 'status',
  /** What is broken that always holds, such as 'reserved'. */
  rule: 'rule',
  /** What was asked of the payment provider: 'authorize', 'capture', 'void' or 'refund'. */
  paymentOperation: 'operation',
  currency: 'currency',
  topic: 'topic',
  partition: 'partition',
  /** Of a record, what cannot be read: 'headers' or 'data'. */
  part: 'part',
} as const;

/**
 * Bounds of the duration histograms, in seconds: those that the semantic conventions advise, with
 * bounds added at each threshold that an objective or alert uses.
 */
export const DURATION_BOUNDS_SECONDS = [
  0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5,
  10,
] as const;
