import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { audit } from '../service.ts';

/** Begins the next audit log where one has stopped; with the input `look` it only says how the log is. */
export const auditSuccession = defineTask({
  name: 'audit-succession',
  summary: 'Begins the successor of an audit log that has stopped',
  calls: [call(audit, 'getCheckpoint', 'startSuccessor')],
  entry: 'services/audit/succession/main.ts',
  inputs: [{ name: 'step', as: 'text' }],
});
