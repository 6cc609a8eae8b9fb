import type { KeptLogField } from '@meridian/language/log-fields.ts';
import { quoted } from '../../telemetry/questions/logsql.ts';

/** Fields that may have the id of what somebody looks for. */
const IDS = ['request_id', 'order_id'] as const satisfies readonly KeptLogField[];

const STATUS = 'rpc_status_code' satisfies KeptLogField;
const REASON = 'reason' satisfies KeptLogField;

/** Lines that name a request or an order, in LogsQL. */
export function linesNaming(id: string): string {
  return IDS.map((field) => `${field}:=${quoted(id)}`).join(' or ');
}

/** Calls that an allow-list has refused, as the kit writes them (`services/kit/rpc/call-chain.ts`), in LogsQL. */
export const REFUSED_CALLS = `_msg:="call served" ${STATUS}:="PERMISSION_DENIED" ${REASON}:"may not call"`;
