import type { CorpusChange } from '../corpus-change.ts';

const CATALOG = 'services/catalog/service.ts';
const SEARCH = 'services/search/service.ts';
const AUDIT = 'services/audit/service.ts';
const PAYMENTS = 'services/payments/service.ts';
const PAYMENTS_PROTO = 'services/payments/contract/proto/meridian/payments/v1/payments.proto';

/** Changes that somebody would notice, and none that anybody has to be afraid of: notes and checks. */
export const BENIGN: readonly CorpusChange[] = [
  {
    name: 'search has a replica in every zone',
    group: 'benign',
    edits: [
      {
        file: SEARCH,
        find: 'scale: { memoryMiB: 448 }',
        replace: 'scale: { memoryMiB: 448, minReplicas: 3 }',
      },
    ],
    declared: [{ kind: 'scale-changed', subject: 'search', at: [SEARCH, 'minReplicas: 3'] }],
  },
  {
    name: 'catalog grows sooner',
    group: 'benign',
    edits: [
      {
        file: CATALOG,
        find: 'scale: { memoryMiB: 320 }',
        replace: 'scale: { memoryMiB: 320, targetCpuPercent: 60 }',
      },
    ],
    declared: [
      { kind: 'scale-changed', subject: 'catalog', at: [CATALOG, 'targetCpuPercent: 60'] },
      // What is measured is to be so much of it.
      { kind: 'scale-changed', subject: 'catalog', at: [CATALOG, 'targetCpuPercent: 60'] },
    ],
  },
  {
    name: 'catalog gets more memory',
    group: 'benign',
    edits: [{ file: CATALOG, find: 'memoryMiB: 320', replace: 'memoryMiB: 384' }],
    declared: [{ kind: 'scale-changed', subject: 'catalog', at: [CATALOG, 'memoryMiB: 384'] }],
  },
  {
    name: 'catalog promises less',
    group: 'benign',
    edits: [{ file: CATALOG, find: 'latencyP99Ms: 200', replace: 'latencyP99Ms: 500' }],
    declared: [
      { kind: 'objective-loosened', subject: 'catalog', at: [CATALOG, 'latencyP99Ms: 500'] },
    ],
  },
  {
    name: 'search promises more',
    group: 'benign',
    edits: [
      { file: SEARCH, find: 'availabilityPercent: 99.5', replace: 'availabilityPercent: 99.9' },
    ],
    declared: [
      { kind: 'objective-tightened', subject: 'search', at: [SEARCH, 'availabilityPercent: 99.9'] },
    ],
  },
  {
    name: 'shoppers find what changed sooner',
    group: 'benign',
    edits: [{ file: SEARCH, find: 'withinSeconds: 30', replace: 'withinSeconds: 15' }],
    declared: [
      {
        kind: 'objective-tightened',
        subject: "search, 'found'",
        at: [SEARCH, 'withinSeconds: 15'],
      },
    ],
  },
  {
    name: 'a service is described in other words',
    group: 'benign',
    edits: [
      {
        file: PAYMENTS,
        find: "summary: 'Authorise, capture and refund'",
        replace: "summary: 'Moves money'",
      },
    ],
    declared: [{ kind: 'words-changed', subject: 'payments', at: [PAYMENTS, 'Moves money'] }],
  },
  {
    name: 'somebody else is on call',
    group: 'benign',
    edits: [{ file: PAYMENTS, find: "owner: 'platform-team'", replace: "owner: 'money-team'" }],
    declared: [{ kind: 'alert-changed', subject: 'payments', at: [PAYMENTS, 'money-team'] }],
  },
  {
    name: 'search reads payments',
    group: 'benign',
    edits: [
      {
        file: SEARCH,
        find: 'import { searchAccess }',
        replace:
          "import { payments } from '@meridian/payments/service.ts';\nimport { searchAccess }",
      },
      {
        file: SEARCH,
        find: "  calls: [call(catalog, 'listStock', 'batchGetProducts')],",
        replace:
          "  calls: [\n    call(catalog, 'listStock', 'batchGetProducts'),\n    call(payments, 'listPayments'),\n  ],",
      },
    ],
    declared: [
      {
        kind: 'call-added',
        subject: 'search → payments.ListPayments',
        at: [SEARCH, "'listPayments'"],
      },
    ],
  },
  {
    name: 'audit looks no longer at payments',
    group: 'benign',
    edits: [{ file: AUDIT, find: "    call(payments, 'listPayments'),\n", replace: '' }],
    declared: [
      {
        kind: 'call-removed',
        subject: 'audit → payments.ListPayments',
        at: [AUDIT, "'listPayments'"],
      },
      // Tasks that do as audit does.
      { kind: 'call-removed', subject: 'audit-baseline → payments.ListPayments' },
      { kind: 'call-removed', subject: 'audit-reconciliation → payments.ListPayments' },
    ],
  },
  {
    name: 'events of products are kept for longer',
    group: 'benign',
    edits: [
      {
        file: 'services/catalog/topics.ts',
        find: '  events: [\n',
        replace: '  retentionDays: 14,\n  events: [\n',
      },
    ],
    declared: [
      {
        kind: 'retention-extended',
        subject: 'catalog.events.v1',
        at: ['services/catalog/topics.ts', 'retentionDays: 14'],
      },
    ],
  },
  {
    name: 'events of products have more partitions',
    group: 'benign',
    edits: [
      {
        file: 'services/catalog/topics.ts',
        find: '  events: [\n',
        replace: '  partitions: 24,\n  events: [\n',
      },
    ],
    declared: [
      {
        kind: 'topic-changed',
        subject: 'catalog.events.v1',
        at: ['services/catalog/topics.ts', 'partitions: 24'],
      },
    ],
  },
  {
    name: 'search follows orders',
    group: 'benign',
    edits: [
      {
        file: SEARCH,
        find: 'import { searchAccess }',
        replace:
          "import { ordersEvents } from '@meridian/orders/topics.ts';\nimport { searchAccess }",
      },
      {
        file: SEARCH,
        find: 'consumes: [catalogEvents]',
        replace: 'consumes: [catalogEvents, ordersEvents]',
      },
    ],
    declared: [
      {
        kind: 'topic-added',
        subject: 'orders.events.v1 → search',
        at: [SEARCH, 'consumes: [catalogEvents, ordersEvents]'],
      },
    ],
  },
  {
    name: 'orders gets a cache',
    group: 'benign',
    edits: [
      {
        file: 'services/orders/service.ts',
        find: 'import { postgres } from',
        replace: 'import { postgres, redis } from',
      },
      {
        file: 'services/orders/service.ts',
        find: "  stores: [postgres({ name: 'orders', migrations: 'services/orders/migrations', sessions: 1 })],",
        replace:
          "  stores: [\n    postgres({ name: 'orders', migrations: 'services/orders/migrations', sessions: 1 }),\n    redis({ name: 'orders' }),\n  ],",
      },
    ],
    declared: [
      {
        kind: 'object-added',
        subject: 'key space orders of orders',
        at: ['services/orders/service.ts', "redis({ name: 'orders' })"],
      },
    ],
  },
  {
    name: 'a planned cache gets code',
    group: 'benign',
    edits: [
      {
        file: 'services/identity/service.ts',
        find: "redis({ name: 'identity', implemented: false })",
        replace: "redis({ name: 'identity' })",
      },
    ],
    declared: [
      {
        kind: 'object-added',
        subject: 'key space identity of identity',
        at: ['services/identity/service.ts', 'redis('],
      },
    ],
  },
  {
    name: 'a payment tells more of itself',
    group: 'benign',
    edits: [
      {
        file: PAYMENTS_PROTO,
        find: '  int64 version = 9;\n',
        replace: '  int64 version = 9;\n\n  string note = 10;\n',
      },
    ],
    declared: [
      {
        kind: 'contract-extended',
        subject: 'Payment.note',
        at: [PAYMENTS_PROTO, 'string note = 10'],
      },
    ],
  },
  {
    name: 'support cancels no orders',
    group: 'benign',
    edits: [
      {
        file: 'services/orders/access.ts',
        find: 'cancelOrder: { anonymous: SIGN_IN, customer: own, merchant: own, support: any, auditor: NO }',
        replace:
          'cancelOrder: { anonymous: SIGN_IN, customer: own, merchant: own, support: NO, auditor: NO }',
      },
    ],
    declared: [
      {
        kind: 'rights-removed',
        subject: 'support → POST /v1/orders/{order_id}:cancel → orders.CancelOrder',
        at: ['services/orders/access.ts', 'cancelOrder:'],
      },
    ],
  },
  {
    name: 'somebody is told when the provider contradicts itself',
    group: 'benign',
    edits: [
      {
        file: PAYMENTS,
        find: '  implemented: true,\n',
        replace:
          "  alerts: [\n    {\n      name: 'PaymentContradictions',\n      feels: 'The provider says two things of one payment',\n      metric: 'payment_contradictions_total',\n      minutes: 10,\n      severity: 'ticket',\n      runbook: 'dead-letters',\n    },\n  ],\n  implemented: true,\n",
      },
    ],
    declared: [
      {
        kind: 'alert-added',
        subject: 'PaymentContradictions of payments',
        at: [PAYMENTS, "name: 'PaymentContradictions'"],
      },
    ],
  },
  {
    name: 'payments takes on more at once',
    group: 'benign',
    edits: [
      {
        file: PAYMENTS,
        find: "  exposure: 'internal',\n",
        replace: "  exposure: 'internal',\n  limits: { concurrency: 128 },\n",
      },
    ],
    declared: [{ kind: 'limits-changed', subject: 'payments', at: [PAYMENTS, 'concurrency: 128'] }],
  },
  {
    name: 'a task runs another program',
    group: 'benign',
    edits: [
      {
        file: 'services/catalog/seed/task.ts',
        find: "entry: 'services/catalog/seed/main.ts'",
        replace: "entry: 'services/catalog/main.ts'",
      },
    ],
    declared: [
      {
        kind: 'image-changed',
        subject: 'task catalogue-seed',
        at: ['services/catalog/seed/task.ts', 'entry:'],
      },
    ],
  },
];
