import type { KeptLogField } from '@meridian/language/log-fields.ts';

const STATUS = 'rpc_status_code' satisfies KeptLogField;
const REASON = 'reason' satisfies KeptLogField;

/** Calls that an allow-list has refused, as the kit writes them (`services/kit/rpc/call-chain.ts`), in LogsQL. */
export const REFUSED_CALLS = `_msg:="call served" ${STATUS}:="PERMISSION_DENIED" ${REASON}:"may not call"`;
