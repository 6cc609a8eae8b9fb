import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { audit } from '../service.ts';

/** Holds the whole audit log against heads that were published. */
export const auditVerification = defineTask({
  name: 'audit-verification',
  summary: 'Verifies the audit log against published heads',
  calls: [call(audit, 'getTile', 'listLeaves')],
  entry: 'services/audit/verification/main.ts',
  inputs: [{ name: 'trusted', as: 'file' }],
});
