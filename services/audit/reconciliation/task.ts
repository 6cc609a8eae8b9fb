import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { audit } from '../service.ts';

/** Holds the audit trail against what the services have. */
export const auditReconciliation = defineTask({
  name: 'audit-reconciliation',
  summary: 'Replays the audit trail and compares it with the rows of each service',
  calls: [call(audit, 'listHistories'), ...audit.calls],
  entry: 'services/audit/reconciliation/main.ts',
});
