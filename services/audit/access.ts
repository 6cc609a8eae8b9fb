import { NO, SIGN_IN, YES } from '@meridian/language/access.ts';
import type { AccessTable } from '@meridian/language/access.ts';
import type { AuditService } from './contract/gen/meridian/audit/v1/audit_pb.js';

const auditors = {
  ...{ anonymous: SIGN_IN, customer: NO, merchant: NO, support: NO, auditor: YES },
} as const;

/** What there was at a time may be nothing. */
const auditorsWhereThereIs = {
  ...auditors,
  auditor: { another: YES, absent: 'NOT_FOUND' },
} as const;

/** Who may call audit: auditors, and nobody else. */
export const auditAccess = {
  getCheckpoint: auditors,
  listCheckpoints: auditors,
  listLogKeys: auditors,
  listEntries: auditors,
  getEntry: auditors,
  getStateAt: auditorsWhereThereIs,
  getInclusionProof: auditors,
  getConsistencyProof: auditors,
  listReads: auditors,
  getTile: auditors,
  listLeaves: auditors,
} as const satisfies AccessTable<keyof typeof AuditService.method>;
