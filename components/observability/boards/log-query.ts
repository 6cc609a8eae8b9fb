import { LOG_LEVELS } from '@meridian/language/log-fields.ts';
import type { KeptLogField, LogLevel, RecordField } from '@meridian/language/log-fields.ts';

/**
 * Names under which log lines are found, where OTLP brings them to Loki: the design document's `service` and
 * `level` are the labels of a stream, `trace_id` is metadata of a line (ADR 79).
 */
export const LOG_NAMES = {
  service: 'service_name',
  level: 'severity_text',
  traceId: 'trace_id' satisfies RecordField,
} as const;

/** Fields by which single lines are found; their names are the same in both stores. */
export const LINE_FIELDS = {
  requestId: 'request_id',
  version: 'version',
} as const satisfies Record<string, KeptLogField>;

/** Which lines: of some services, from a level on. */
export interface LogQuery {
  /** At least one. */
  readonly services: readonly string[];
  readonly least: LogLevel;
}

/** The query in LogQL. */
export function logql({ services, least }: LogQuery): string {
  const levels = LOG_LEVELS.slice(LOG_LEVELS.indexOf(least));
  return `{${matcher(LOG_NAMES.service, services)}, ${matcher(LOG_NAMES.level, levels)}}`;
}

function matcher(label: string, values: readonly string[]): string {
  const [only = ''] = values;
  return values.length === 1 ? `${label}="${only}"` : `${label}=~"${values.join('|')}"`;
}
