/**
 * What of an error a log line may have: whose fault it was and where, never what somebody sent. An error has whatever its
 * library puts there, such as rows of a table, or metadata of an answer that repeat a request.
 */
export const LOG_ERROR_FIELDS = [
  ...(['type', 'message', 'stack', 'code', 'status', 'reason', 'retriable'] as const),
  // Of PostgreSQL: names of its own objects.
  ...(['severity', 'schema', 'table', 'column', 'constraint', 'routine'] as const),
  // Of the system.
  ...(['errno', 'syscall', 'address', 'port'] as const),
] as const;
