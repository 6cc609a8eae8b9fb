import { LOG_ERROR_FIELDS } from '@meridian/language/log-error-fields.ts';

/** Fields of log lines that may be kept; whatever else somebody writes is dropped on its way. */
export const LOG_FIELDS: readonly string[] = [
  ...(['service.name', 'zone', 'instance', 'version', 'level'] as const),
  ...(['request_id', 'trace_sampled', 'err'] as const),
  ...(['topic', 'partition', 'event_id', 'attempts', 'events'] as const),
  ...(['rpc_method', 'rpc_status_code', 'colour'] as const),
  ...(['method', 'route', 'status', 'duration_ms', 'protocol', 'flags', 'details'] as const),
  ...(['upstream', 'bytes_sent', 'reason', 'signal', 'grace_ms', 'binding', 'peer'] as const),
  ...(['address', 'port', 'kid', 'percent', 'services'] as const),
  ...(['order_id', 'correlation_id', 'phase', 'asked', 'settled', 'event_type', 'entry'] as const),
];

/** Ends what would take the machine's memory; who sends is told to send again. */
export function memoryLimiter(limitMib: number): object {
  return { check_interval: '1s', limit_mib: limitMib, spike_limit_mib: Math.round(limitMib / 4) };
}

/** Drops every attribute that is not on the list. */
export function redaction(allowed: readonly string[]): object {
  return { allow_all_keys: false, allowed_keys: allowed, summary: 'silent' };
}

/**
 * Drops looks that nobody waits for and that a platform makes all the time, whatever is asked of it: readiness, and
 * queries that are a whole trace by themselves. Idle, they were half of all spans.
 */
export function withoutIdleLooks(): object {
  return {
    error_mode: 'silent',
    traces: {
      span: [
        'attributes["http.route"] == "/readyz"',
        'IsRootSpan() and attributes["db.system.name"] != nil',
      ],
    },
  };
}

const ERROR_FIELDS = JSON.stringify(['errors', ...LOG_ERROR_FIELDS]);

/** A level in the words of our services; a line that says none is of level info. Of an error no more than the list has. */
export function levels(): object {
  return {
    error_mode: 'silent',
    log_statements: [
      {
        context: 'log',
        statements: [
          'set(severity_number, SEVERITY_NUMBER_INFO) where severity_number == SEVERITY_NUMBER_UNSPECIFIED',
          'set(severity_text, "INFO") where severity_text == ""',
          'set(severity_text, ConvertCase(severity_text, "lower"))',
          'set(attributes["level"], severity_text)',
          `keep_keys(attributes["err"], ${ERROR_FIELDS}) where IsMap(attributes["err"])`,
        ],
      },
    ],
  };
}
