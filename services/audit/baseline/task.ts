import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { audit } from '../service.ts';

/** Enters in the audit trail what there was before it. */
export const auditBaseline = defineTask({
  name: 'audit-baseline',
  summary: 'Enters in the audit trail what there was before it began',
  calls: [call(audit, 'importBaseline', 'listHistories'), ...audit.calls],
  entry: 'services/audit/baseline/main.ts',
  inputs: [{ name: 'mode', as: 'text' }],
});
