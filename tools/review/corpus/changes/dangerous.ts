import type { CorpusChange } from '../corpus-change.ts';

const SEARCH = 'services/search/service.ts';
const AUDIT = 'services/audit/service.ts';
const PAYMENTS = 'services/payments/service.ts';
const PAYMENTS_PROTO = 'services/payments/contract/proto/meridian/payments/v1/payments.proto';
const ORDERS_ACCESS = 'services/orders/access.ts';

/** Changes by which data can be lost, somebody gets in, or nobody is woken: each a danger, at its line. */
export const DANGEROUS: readonly CorpusChange[] = [
  {
    name: 'refunds are open to anybody',
    group: 'dangerous',
    edits: [
      {
        file: PAYMENTS,
        find: "  exposure: 'internal',\n",
        replace:
          "  exposure: 'public',\n  internalMethods: [\n    'authorizePayment',\n    'capturePayment',\n    'voidPayment',\n    'getPayment',\n    'listPayments',\n    'listBalances',\n    'reconcileStatement',\n    'receiveWebhook',\n  ],\n  access: { refundPayment: everybody(YES) },\n",
      },
      {
        file: PAYMENTS,
        find: 'import { external }',
        replace:
          "import { everybody, YES } from '@meridian/language/access.ts';\nimport { external }",
      },
      {
        file: PAYMENTS_PROTO,
        find: '  rpc RefundPayment(RefundPaymentRequest) returns (RefundPaymentResponse) {\n',
        replace:
          '  rpc RefundPayment(RefundPaymentRequest) returns (RefundPaymentResponse) {\n    option (google.api.http) = {\n      post: "/v1/refunds"\n      body: "*"\n    };\n',
      },
    ],
    declared: [
      {
        kind: 'newly-reachable',
        subject: 'anonymous → POST /v1/refunds → payments.RefundPayment',
        at: [PAYMENTS, 'access: { refundPayment: everybody(YES) }'],
      },
      { kind: 'network-opened', subject: 'payments', at: [PAYMENTS, "exposure: 'public'"] },
    ],
  },
  {
    name: 'customers refund orders',
    group: 'dangerous',
    edits: [
      {
        file: ORDERS_ACCESS,
        find: 'refundOrder: { anonymous: SIGN_IN, customer: NO',
        replace: 'refundOrder: { anonymous: SIGN_IN, customer: own',
      },
    ],
    declared: [
      {
        kind: 'newly-reachable',
        subject: 'customer → POST /v1/orders/{order_id}:refund → orders.RefundOrder',
        at: [ORDERS_ACCESS, 'refundOrder:'],
      },
    ],
  },
  {
    name: 'anybody adds products',
    group: 'dangerous',
    edits: [
      {
        file: 'services/catalog/access.ts',
        find: 'createProduct: { ...merchants, merchant: YES }',
        replace: 'createProduct: everybody(YES)',
      },
    ],
    declared: [
      {
        kind: 'newly-reachable',
        subject: 'anonymous → POST /v1/products → catalog.CreateProduct',
        at: ['services/catalog/access.ts', 'createProduct:'],
      },
    ],
  },
  {
    name: "customers read each other's orders",
    group: 'dangerous',
    edits: [
      {
        file: ORDERS_ACCESS,
        find: 'getOrder: { anonymous: SIGN_IN, customer: own',
        replace: 'getOrder: { anonymous: SIGN_IN, customer: { ...own, another: YES }',
      },
    ],
    declared: [
      {
        kind: 'newly-reachable',
        subject: "customer → GET /v1/orders/{order_id} → orders.GetOrder of somebody else's",
        at: [ORDERS_ACCESS, 'getOrder:'],
      },
    ],
  },
  {
    name: "merchants delete others' accounts",
    group: 'dangerous',
    edits: [
      {
        file: 'services/identity/access.ts',
        find: '  deleteAccount: {\n    ...account,\n',
        replace: '  deleteAccount: {\n    ...account,\n    merchant: { ...own, another: YES },\n',
      },
    ],
    declared: [
      {
        kind: 'newly-reachable',
        subject:
          "merchant → DELETE /v1/accounts/{account_id} → identity.DeleteAccount of somebody else's",
        at: ['services/identity/access.ts', 'merchant: { ...own'],
      },
    ],
  },
  {
    name: 'accounts are deleted without a fresh sign-in',
    group: 'dangerous',
    edits: [
      {
        file: 'services/identity/access.ts',
        find: "    provided: 'Whose own it is has signed in within the last ten minutes.',\n",
        replace: '',
      },
      { file: 'services/identity/access.ts', find: '/** Who may call', replace: '/** Who calls' },
    ],
    declared: [
      {
        kind: 'condition-dropped',
        subject: 'DELETE /v1/accounts/{account_id} → identity.DeleteAccount',
        at: ['services/identity/access.ts', "provided: 'Whose own it is"],
      },
    ],
  },
  {
    name: 'stock is shown to anybody',
    group: 'dangerous',
    edits: [
      {
        file: 'services/catalog/access.ts',
        find: '  getStock: merchants,',
        replace: '  getStock: everybody(any),',
      },
    ],
    declared: [
      {
        kind: 'sign-in-dropped',
        subject: 'anonymous → GET',
        at: ['services/catalog/access.ts', 'getStock:'],
      },
    ],
  },
  {
    name: 'search gives money back',
    group: 'dangerous',
    edits: [
      {
        file: SEARCH,
        find: 'import { searchAccess }',
        replace:
          "import { payments } from '@meridian/payments/service.ts';\nimport { searchAccess }",
      },
      {
        file: SEARCH,
        find: "call(catalog, 'listStock', 'batchGetProducts')",
        replace: "call(catalog, 'listStock', 'batchGetProducts'), call(payments, 'refundPayment')",
      },
    ],
    declared: [
      {
        kind: 'writer-added',
        subject: 'search → payments.RefundPayment',
        at: [SEARCH, "'refundPayment'"],
      },
    ],
  },
  {
    name: 'a task changes stock',
    group: 'dangerous',
    edits: [
      {
        file: 'services/catalog/seed/task.ts',
        find: "call(catalog, 'importProducts')",
        replace: "call(catalog, 'importProducts', 'releaseReservation')",
      },
    ],
    declared: [
      {
        kind: 'writer-added',
        subject: 'catalogue-seed → catalog.ReleaseReservation',
        at: ['services/catalog/seed/task.ts', 'releaseReservation'],
      },
    ],
  },
  {
    name: 'the database of payments gets another name',
    group: 'dangerous',
    edits: [
      { file: PAYMENTS, find: "      name: 'payments',\n", replace: "      name: 'money',\n" },
    ],
    declared: [
      {
        kind: 'data-replaced',
        subject: 'database payments of payments',
        at: [PAYMENTS, "name: 'payments'"],
      },
      {
        kind: 'object-added',
        subject: 'database money of payments',
        at: [PAYMENTS, "name: 'money'"],
      },
    ],
  },
  {
    name: 'the ledger can be rewritten',
    group: 'dangerous',
    edits: [{ file: PAYMENTS, find: "      appendOnly: ['ledger_entries'],\n", replace: '' }],
    declared: [
      {
        kind: 'data-unprotected',
        subject: 'database payments of payments',
        at: [PAYMENTS, 'appendOnly'],
      },
    ],
  },
  {
    name: 'the trail leaves the database after a year',
    group: 'dangerous',
    edits: [
      {
        file: 'Pulumi.staging.yaml',
        find: 'config: {}',
        replace: "config:\n  meridian:auditKeepDays: '365'",
      },
    ],
    declared: [
      {
        kind: 'retention-cut',
        subject: 'database audit of audit',
        at: ['Pulumi.staging.yaml', 'auditKeepDays'],
      },
    ],
  },
  {
    name: 'events of orders are kept for a day',
    group: 'dangerous',
    edits: [
      {
        file: 'services/orders/topics.ts',
        find: "  key: 'order_id',\n",
        replace: "  key: 'order_id',\n  retentionDays: 1,\n",
      },
    ],
    declared: [
      {
        kind: 'retention-cut',
        subject: 'orders.events.v1',
        at: ['services/orders/topics.ts', 'retentionDays: 1'],
      },
    ],
  },
  {
    name: 'events of orders have fewer partitions',
    group: 'dangerous',
    edits: [
      {
        file: 'services/orders/topics.ts',
        find: "  key: 'order_id',\n",
        replace: "  key: 'order_id',\n  partitions: 6,\n",
      },
    ],
    declared: [
      {
        kind: 'data-replaced',
        subject: 'orders.events.v1',
        at: ['services/orders/topics.ts', 'partitions: 6'],
      },
    ],
  },
  {
    name: 'nobody hears of orders any more',
    group: 'dangerous',
    edits: [
      { file: 'services/orders/service.ts', find: '  publishes: [ordersEvents],\n', replace: '' },
      {
        file: AUDIT,
        find: 'identityEvents, ordersEvents, paymentsEvents]',
        replace: 'identityEvents, paymentsEvents]',
      },
    ],
    declared: [
      { kind: 'data-deleted', subject: 'orders.events.v1' },
      { kind: 'page-lost', subject: 'OutboxStuck of orders' },
    ],
  },
  {
    name: 'identities are of another trust domain',
    group: 'dangerous',
    edits: [{ file: 'stacks/staging.ts', find: "'staging.meridian'", replace: "'other.meridian'" }],
    declared: [
      { kind: 'trust-changed', subject: 'meridian', at: ['stacks/staging.ts', 'other.meridian'] },
    ],
  },
  {
    name: 'the provider shares one secret more',
    group: 'dangerous',
    edits: [
      {
        file: AUDIT,
        find: "secrets: ['access-key-id', 'secret-access-key']",
        replace: "secrets: ['access-key-id']",
      },
    ],
    declared: [
      {
        kind: 'trust-changed',
        subject: 'checkpoint-store',
        at: [AUDIT, "secrets: ['access-key-id']"],
      },
    ],
  },
  {
    name: 'nobody is woken when the audit log stops',
    group: 'dangerous',
    edits: [
      {
        file: AUDIT,
        find: "    {\n      name: 'AuditLogStopped',\n      feels: 'The audit log seals nothing any more: auditors cannot prove what happens from now on',\n      metric: 'audit_log_stopped',\n      minutes: 1,\n      severity: 'page',\n      runbook: 'audit-log-stopped',\n    },\n",
        replace: '',
      },
    ],
    declared: [
      {
        kind: 'page-lost',
        subject: 'AuditLogStopped of audit',
        at: [AUDIT, "name: 'AuditLogStopped'"],
      },
    ],
  },
  {
    name: 'a page becomes a ticket',
    group: 'dangerous',
    edits: [{ file: AUDIT, find: "severity: 'page'", replace: "severity: 'ticket'" }],
    declared: [
      { kind: 'page-lost', subject: 'AuditLogStopped of audit', at: [AUDIT, "severity: 'ticket'"] },
    ],
  },
  {
    name: 'the code of audit no longer says that its log stopped',
    group: 'dangerous',
    edits: [
      {
        file: 'services/audit/log/log-metrics.ts',
        find: 'METRICS.auditLogStopped',
        replace: 'METRICS.auditLag',
      },
    ],
    declared: [{ kind: 'page-blind', subject: 'AuditLogStopped of audit' }],
  },
  {
    name: 'nothing is promised of what is sealed',
    group: 'dangerous',
    edits: [
      {
        file: AUDIT,
        find: "      {\n        name: 'sealed',\n        feels: 'What has just happened can be changed in the audit trail without a trace',\n        age: 'audit_lag_seconds',\n        withinSeconds: 60,\n        percent: 99,\n      },\n",
        replace: '',
      },
    ],
    declared: [
      { kind: 'objective-loosened', subject: "audit, 'sealed'", at: [AUDIT, "name: 'sealed'"] },
      { kind: 'page-lost', subject: 'FreshnessAuditSealedBurnsFast of audit' },
      { kind: 'ticket-lost', subject: 'FreshnessAuditSealedBurnsSlowly of audit' },
    ],
  },
  {
    name: 'one payment in ten may fail',
    group: 'dangerous',
    edits: [
      { file: PAYMENTS, find: 'availabilityPercent: 99.95', replace: 'availabilityPercent: 90' },
    ],
    declared: [
      { kind: 'page-blind', subject: 'payments', at: [PAYMENTS, 'availabilityPercent: 90'] },
    ],
  },
];
