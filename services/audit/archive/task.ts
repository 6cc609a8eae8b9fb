import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { audit } from '../service.ts';

/** Writes and verifies an archive of the audit log's beginning, and has the log say that there is one. */
export const auditArchive = defineTask({
  name: 'audit-archive',
  summary: 'Writes an archive of old entries of the audit log, and verifies it',
  calls: [
    call(
      audit,
      'getCheckpoint',
      'getTile',
      'listEntries',
      'listLeaves',
      'planArchive',
      'recordArchive',
    ),
  ],
  entry: 'services/audit/archive/main.ts',
  inputs: [{ name: 'order', as: 'file' }],
});
