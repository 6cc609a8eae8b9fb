import type { LogLevel } from '@meridian/language/log-fields.ts';

/**
 * What is asked of logs; there is no language of ours for more. Each has two lowerings, since the engines differ by
 * landing: LogsQL (VictoriaLogs, here) and LogQL (Loki, in a cluster).
 */
export type LogQuestion =
  /** Every line that was written in a trace. */
  | { readonly by: 'trace'; readonly traceId: string }
  /** The lines of a service from a level on. */
  | { readonly by: 'service'; readonly service: string; readonly level: LogLevel }
  /** Lines whose text has these characters in this order, upper or lower case as it is. */
  | { readonly by: 'text'; readonly text: string; readonly service?: string }
  /** The lines of one request. */
  | { readonly by: 'request'; readonly requestId: string }
  /** What a release of a service says of errors. */
  | { readonly by: 'release'; readonly service: string; readonly version: string };
