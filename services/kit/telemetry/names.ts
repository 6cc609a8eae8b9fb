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
} from '@opentelemetry/semantic-conventions';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';

/**
 * Every telemetry name that services emit. Names follow the OpenTelemetry semantic conventions as
 * of @opentelemetry/semantic-conventions 1.45; those of labels are translated for Prometheus: dots
 * become underscores. Source: OpenTelemetry, "Prometheus and
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
  /** Of a consumer's span, the trace in which its event was published; ours. */
  originTraceId: 'meridian.origin.trace_id',
} as const;

/** The key of each metric in the registry, with its name. */
type MetricNames = {
  readonly [Key in keyof typeof METRIC_REGISTRY]: (typeof METRIC_REGISTRY)[Key]['name'];
};

/** Names of the metrics at /metrics, which the registry has (language/metrics.ts). */
export const METRICS = Object.fromEntries(
  Object.entries(METRIC_REGISTRY).map(([key, { name }]) => [key, name]),
) as unknown as MetricNames;

/** The metric whose labels are the attributes of the process. Source: OpenMetrics, "Target metadata". */
export const TARGET_INFO = 'target_info';

/** A label's name as Prometheus has it. */
function translated(name: string): string {
  return name.replaceAll('.', '_');
}

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
  /** What was asked of the payment provider: 'authorize', 'capture', 'void' or 'refund'; of a probe, 'read' or 'write'. */
  paymentOperation: 'operation',
  currency: 'currency',
  topic: 'topic',
  partition: 'partition',
  /** Of a log line, such as 'info'. */
  level: 'level',
  /** Of a record, what cannot be read: 'headers' or 'data'; of a span, what is not sent. */
  part: 'part',
} as const;
