import { catalog } from '@meridian/catalog/service.ts';
import { catalogEvents } from '@meridian/catalog/topics.ts';
import { call } from '@meridian/components/model/call.ts';
import { external } from '@meridian/components/model/external.ts';
import { defineService } from '@meridian/components/model/service.ts';
import { postgres } from '@meridian/components/model/store.ts';
import { identity } from '@meridian/identity/service.ts';
import { identityEvents } from '@meridian/identity/topics.ts';
import { orders } from '@meridian/orders/service.ts';
import { ordersEvents } from '@meridian/orders/topics.ts';
import { payments } from '@meridian/payments/service.ts';
import { paymentsEvents } from '@meridian/payments/topics.ts';
import { auditAccess } from './access.ts';
import { AuditService } from './contract/gen/meridian/audit/v1/audit_pb.js';

/** Who keeps the published heads of the log: a bucket that is not in the hands of whoever runs the database. */
export const checkpointStore = external({
  name: 'checkpoint-store',
  summary: 'Keeps the published heads of the audit log, each version of them',
  secrets: ['access-key-id', 'secret-access-key'],
  parameters: ['bucket', 'region'],
  standIn: { entry: 'services/audit/checkpoint-store-stand-in/main.ts', slot: 1 },
});

/** The complete, immutable, verifiable history of every state change. */
export const audit = defineService({
  name: 'audit',
  summary: 'The complete, immutable, verifiable history of every state change',
  owner: 'platform-team',
  slot: 6,
  contract: AuditService,
  // What the services have is held against the trail every day (reconciliation/schedule.ts).
  calls: [
    call(catalog, 'listAllProducts', 'listReservations', 'listStock'),
    call(identity, 'listAccounts'),
    call(orders, 'listAllOrders'),
    call(payments, 'listPayments'),
  ],
  consumes: [catalogEvents, identityEvents, ordersEvents, paymentsEvents],
  stores: [
    postgres({
      name: 'audit',
      migrations: 'services/audit/migrations',
      sessions: 1,
      appendOnly: ['events', 'entries', 'tiles', 'checkpoints', 'log_keys', 'reads'],
      // A stack may set another (meridian:auditKeepDays).
      keepDays: null,
    }),
  ],
  externals: [checkpointStore],
  signs: ['checkpoint'],
  exposure: 'public',
  internalMethods: [
    'listHistories',
    'importBaseline',
    'startSuccessor',
    'planArchive',
    'recordArchive',
  ],
  // The command's tasks read all of it.
  systemMethods: [
    'getCheckpoint',
    'listCheckpoints',
    'listLogKeys',
    'listEntries',
    'getEntry',
    'getStateAt',
    'getInclusionProof',
    'getConsistencyProof',
    'listReads',
    'getTile',
    'listLeaves',
    'listHistories',
    'importBaseline',
    'startSuccessor',
    'planArchive',
    'recordArchive',
  ],
  access: auditAccess,
  scale: { memoryMiB: 384 },
  objectives: {
    availabilityPercent: 99.9,
    latencyP95Ms: 200,
    latencyP99Ms: 1000,
    freshness: [
      {
        name: 'kept',
        feels: 'The audit trail does not have what has just happened',
        age: 'consumer_lag_seconds',
        withinSeconds: 60,
        percent: 99,
      },
      {
        name: 'sealed',
        feels: 'What has just happened can be changed in the audit trail without a trace',
        age: 'audit_lag_seconds',
        withinSeconds: 60,
        percent: 99,
      },
    ],
  },
  alerts: [
    {
      name: 'AuditLogStopped',
      feels: 'The audit log seals nothing any more: auditors cannot prove what happens from now on',
      metric: 'audit_log_stopped',
      minutes: 1,
      severity: 'page',
      runbook: 'audit-log-stopped',
    },
    {
      name: 'AuditGaps',
      feels: 'Auditors see a history with a change missing',
      metric: 'audit_gaps',
      minutes: 10,
      severity: 'ticket',
      runbook: 'audit-gaps',
    },
    {
      name: 'AuditDiscrepancies',
      feels: 'The audit trail says something else than the service that it is about',
      metric: 'audit_reconciliation_discrepancies',
      minutes: 5,
      severity: 'ticket',
      runbook: 'audit-discrepancies',
      needsEvents: true,
    },
  ],
  implemented: true,
});
