/**
 * Fields of log lines. The kit's logger takes no other (`services/kit/telemetry/logger.ts`), the collector keeps no other
 * (`components/observability/collector/processors.ts`), and whoever asks for lines asks by these names: a field that is
 * not here does not compile where it is written, and not where it is asked for.
 */

/** What a record of a log is made of: when and what, of whom, and in which trace. Source: OpenTelemetry, "Logs Data Model". */
export const RECORD_FIELDS = [
  'time',
  'level',
  'message',
  'service',
  'trace_id',
  'span_id',
] as const;

/** Levels of lines in words, the least first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Fields that are kept beside it: names, codes, counts, and ids that say nothing of anybody. */
export const KEPT_LOG_FIELDS = [
  ...(['zone', 'instance', 'version', 'trace_sampled', 'request_id', 'order_id'] as const),
  'correlation_id',
  /** An error with its type and stack, and why something happened, without what it repeats of a request. */
  ...(['err', 'reason', 'problem'] as const),
  ...(['verb', 'route', 'status', 'duration_ms', 'rpc_method', 'rpc_status_code', 'peer'] as const),
  /** Of the edge alone. Source: Envoy, "Access logging". */
  ...(['method', 'protocol', 'flags', 'details', 'upstream', 'bytes_sent'] as const),
  ...([
    'topic',
    'partition',
    'offset',
    'event_id',
    'attempts',
    'events',
    'skipped',
    'part',
  ] as const),
  ...(['address', 'port', 'services', 'signal', 'grace_ms', 'step', 'task', 'percent'] as const),
  ...(['binding', 'folder', 'kid', 'not_after', 'library', 'engine', 'index', 'build'] as const),
  /** Of a saga and of the audit log (language/log-lines.ts). */
  ...(['phase', 'asked', 'settled', 'event_type', 'entry'] as const),
  ...(['colour', 'kind', 'facts', 'rules', 'known', 'size', 'aggregates'] as const),
  ...(['discrepancies', 'without_beginning'] as const),
  /** Of a probe (language/probe-metrics.ts). */
  ...(['operation', 'outcome'] as const),
] as const;

/**
 * Fields that stay on the machine of the process, in its own file: what somebody chose or may be traced by, such as
 * an address, a path or the id of something that is theirs.
 */
export const LOCAL_LOG_FIELDS = [
  ...(['path', 'remote', 'connection', 'session_id', 'webhook_id', 'behind'] as const),
  ...(['key', 'idempotency_key', 'place', 'despite', 'broker', 'namespace', 'group_id'] as const),
  ...(['source', 'type', 'found'] as const),
] as const;

export type RecordField = (typeof RECORD_FIELDS)[number];
export type KeptLogField = (typeof KEPT_LOG_FIELDS)[number];
export type LocalLogField = (typeof LOCAL_LOG_FIELDS)[number];

/** A field that a line may have. */
export type LogField = RecordField | KeptLogField | LocalLogField;
