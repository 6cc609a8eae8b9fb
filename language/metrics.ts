import { ENGINE_METRICS } from './engine-metrics.ts';
import { counter, gauge, histogram } from './metric.ts';
import type { MetricKind } from './metric.ts';
import { PROBE_METRICS } from './probe-metrics.ts';

export type { Metric, MetricKind } from './metric.ts';

const RPC_LABELS = ['rpc_system_name', 'rpc_method', 'rpc_status_code', 'waited'] as const;

/**
 * Every metric of the platform's own processes, with its labels: they register no other
 * (`services/kit/telemetry/registered.ts`), and rules read no other (`components/observability`). Names of
 * the semantic conventions are held against them in `services/kit/telemetry/names.test.ts`.
 */
export const METRIC_REGISTRY = {
  rpcServerCallDuration: histogram('rpc_server_call_duration_seconds', ...RPC_LABELS),
  rpcClientCallDuration: histogram('rpc_client_call_duration_seconds', ...RPC_LABELS),
  /** Outgoing RPCs sent again, and those that were not for want of budget or time; ours. */
  rpcClientRetries: counter('rpc_client_retries_total', 'rpc_method', 'outcome'),
  httpServerRequestDuration: histogram(
    'http_server_request_duration_seconds',
    'http_request_method',
    'http_route',
    'http_response_status_code',
    'waited',
  ),
  dbClientOperationDuration: histogram(
    'db_client_operation_duration_seconds',
    'db_system_name',
    'db_namespace',
    'db_operation_name',
    'error_type',
  ),
  /** The HPA reads this one; ours, as the conventions have none for a queue of requests. */
  requestQueueDepth: gauge('request_queue_depth'),
  requestsActive: gauge('requests_active'),
  requestsShed: counter('requests_shed_total'),
  /** 1 while there is a connection to Redis, 0 while services do without. */
  redisConnectionUp: gauge('redis_connection_up', 'db_namespace'),
  /** Reads through a cache, by what came of it. */
  cacheReads: counter('cache_reads_total', 'cache', 'outcome'),
  /** Requests that a rate limiter let through or refused, by class and by who decided. */
  rateLimitDecisions: counter('rate_limit_decisions_total', 'limit_class', 'outcome', 'limiter'),
  /** Work that no request waits for and that failed, by its name. */
  backgroundFailures: counter('background_failures_total', 'task'),
  /** Spans whose export has ended, by why it failed; '' for those that were sent. */
  spansExported: counter('otel_sdk_exporter_span_exported_total', 'error_type'),
  /** What of spans is never sent, such as an attribute that is not on the list. */
  spanPartsDropped: counter('span_parts_dropped_total', 'part'),
  /** Log lines that were too many to be written. */
  logLinesDropped: counter('log_lines_dropped_total', 'level'),
  /** 1 for the status that /readyz says, 0 for the others. */
  readinessStatus: gauge('readiness_status', 'status'),
  certificateExpiry: gauge('tls_certificate_not_after_seconds', 'folder'),
  certificateReloads: counter('tls_certificate_reloads_total', 'folder'),
  outboxUnpublished: gauge('outbox_unpublished_events'),
  outboxOldestAge: gauge('outbox_oldest_unpublished_age_seconds'),
  outboxRelayActive: gauge('outbox_relay_active'),
  outboxPublished: counter('outbox_published_total', 'topic'),
  consumerLag: gauge('consumer_lag_events', 'topic', 'partition'),
  /** Age of the oldest event that is not handled; absent while nothing is known of that. */
  consumerLagAge: gauge('consumer_lag_seconds', 'topic'),
  consumerWaiting: gauge('consumer_waiting', 'topic', 'partition'),
  consumedEvents: counter('consumer_events_total', 'topic', 'outcome'),
  orderChanges: counter('order_changes_total', 'status'),
  sagaEffectsDue: gauge('saga_effects_due'),
  sagaEffectsOldestAge: gauge('saga_effects_oldest_due_age_seconds'),
  sagaStuckOrders: gauge('saga_stuck_orders'),
  sagaUnexpectedFacts: counter('saga_unexpected_facts_total'),
  ordersUnbalanced: gauge('orders_unbalanced'),
  /** Reservations of stock that nobody committed in time. */
  reservationsExpired: counter('reservations_expired_total'),
  /** Products whose stock does not add up. */
  stockUnconserved: gauge('stock_unconserved_products', 'rule'),
  /** What became of operations at the payment provider. */
  paymentOperations: counter('payment_operations_total', 'operation', 'outcome'),
  paymentOperationsUnknown: gauge('payment_operations_unknown'),
  paymentOldestUnknownAge: gauge('payment_operations_oldest_unknown_age_seconds'),
  paymentContradictions: counter('payment_contradictions_total'),
  paymentWebhooks: counter('payment_webhooks_total', 'outcome'),
  ledgerImbalance: gauge('ledger_imbalance_minor_units', 'currency'),
  /** Aggregates of which a version is missing. */
  auditGaps: gauge('audit_gaps'),
  /** Records that are kept as bytes, by what of them cannot be read. */
  auditUnreadable: counter('audit_unreadable_total', 'part'),
  /** Events that came again and said something else. */
  auditConflicts: counter('audit_conflicts_total'),
  /** Age of the oldest event that no published head of the audit log covers. */
  auditLag: gauge('audit_lag_seconds'),
  auditEntries: counter('audit_entries_total'),
  auditHeadSize: gauge('audit_head_size'),
  auditLogStopped: gauge('audit_log_stopped'),
  /** What the trail and the services say differently, and when that was looked for. */
  auditDiscrepancies: gauge('audit_reconciliation_discrepancies'),
  auditReconciled: gauge('audit_reconciliation_timestamp_seconds'),
  ...ENGINE_METRICS,
  ...PROBE_METRICS,
} as const;

/** A metric of the registry. */
export type RegisteredMetric = (typeof METRIC_REGISTRY)[keyof typeof METRIC_REGISTRY];

/** Names of the registry's metrics of a kind. */
export type MetricName<Kind extends MetricKind = MetricKind> = Extract<
  RegisteredMetric,
  { readonly kind: Kind }
>['name'];

/**
 * Bounds of the duration histograms, in seconds: those that the semantic conventions advise, with
 * bounds added at each threshold that an objective or alert uses.
 */
export const DURATION_BOUNDS_SECONDS = [
  0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5,
  10,
] as const;
