import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { audit } from '../service.ts';

/** Asks the audit trail what somebody wants to know. */
export const auditReading = defineTask({
  name: 'audit-reading',
  summary: 'Reads entries of the audit trail and their proofs',
  calls: [
    call(audit, 'getCheckpoint', 'getEntry', 'getInclusionProof', 'getStateAt', 'listEntries'),
  ],
  entry: 'services/audit/reading/main.ts',
  inputs: [{ name: 'question', as: 'text' }],
});
