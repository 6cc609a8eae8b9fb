import type { KeptLogField } from '@meridian/language/log-fields.ts';
import { quoted } from './logsql.ts';

/** Fields by which lines name what they are about. */
const NAMING = [
  'request_id',
  'order_id',
  'correlation_id',
] as const satisfies readonly KeptLogField[];

/** Lines that name a request or an order, in LogsQL: those of its traces, and what came of it outside of any. */
export function namingQuery(id: string): string {
  return NAMING.map((field) => `${field}:=${quoted(id)}`).join(' or ');
}
