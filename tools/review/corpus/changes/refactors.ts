import type { CorpusChange } from '../corpus-change.ts';

/** Changes of how something is written: nobody notices any of them, and a review says nothing else. */
export const REFACTORS: readonly CorpusChange[] = [
  refactor('a comment is added to a declaration', {
    file: 'services/catalog/service.ts',
    find: "  name: 'catalog',\n",
    replace: "  // As in the contract.\n  name: 'catalog',\n",
  }),
  refactor('the members of a declaration change places', {
    file: 'services/orders/service.ts',
    find: "  owner: 'platform-team',\n  slot: 4,\n",
    replace: "  slot: 4,\n  owner: 'platform-team',\n",
  }),
  refactor('the methods of a call change places', {
    file: 'services/orders/service.ts',
    find: "      'authorizePayment',\n      'capturePayment',\n",
    replace: "      'capturePayment',\n      'authorizePayment',\n",
  }),
  refactor('a call is declared in two parts', {
    file: 'services/audit/service.ts',
    find: "call(catalog, 'listAllProducts', 'listReservations', 'listStock')",
    replace: "call(catalog, ...(['listAllProducts', 'listReservations', 'listStock'] as const))",
  }),
  refactor('system methods change places', {
    file: 'services/payments/service.ts',
    find: "    'listPayments',\n    'listBalances',\n",
    replace: "    'listBalances',\n    'listPayments',\n",
  }),
  refactor('a row of an access table is written out', {
    file: 'services/search/access.ts',
    find: 'searchProducts: everybody(YES),',
    replace:
      'searchProducts: { anonymous: YES, customer: YES, merchant: YES, support: YES, auditor: YES },',
  }),
  {
    name: 'a constant of an access table is renamed',
    group: 'refactor',
    edits: [
      rename('services/identity/access.ts', 'const session = {', 'const ofSession = {'),
      rename('services/identity/access.ts', 'revokeSession: session,', 'revokeSession: ofSession,'),
    ],
    declared: [],
  },
  {
    name: 'rows of an access table move to a file of their own',
    group: 'refactor',
    edits: [
      {
        file: 'services/search/rows.ts',
        text: "import { everybody, YES } from '@meridian/language/access.ts';\n\n/** Everybody searches. */\nexport const found = everybody(YES);\n",
      },
      {
        file: 'services/search/access.ts',
        find: 'import type { SearchService }',
        replace: "import { found } from './rows.ts';\nimport type { SearchService }",
      },
      rename(
        'services/search/access.ts',
        'searchProducts: everybody(YES)',
        'searchProducts: found',
      ),
    ],
    declared: [],
  },
  refactor('a default of a scale is written out', {
    file: 'services/catalog/service.ts',
    find: 'scale: { memoryMiB: 320 }',
    replace: 'scale: { memoryMiB: 320, minReplicas: 2 }',
  }),
  refactor('default limits are written out', {
    file: 'services/payments/service.ts',
    find: "  exposure: 'internal',\n",
    replace: "  exposure: 'internal',\n  limits: { concurrency: 64, queueDepth: 256 },\n",
  }),
  refactor('a default of a topic is written out', {
    file: 'services/orders/topics.ts',
    find: "  key: 'order_id',\n",
    replace: "  key: 'order_id',\n  partitions: 12,\n",
  }),
  refactor('the events of a topic change places', {
    file: 'services/orders/topics.ts',
    find: 'events: [OrderPlacedSchema, OrderChangedSchema]',
    replace: 'events: [OrderChangedSchema, OrderPlacedSchema]',
  }),
  {
    name: 'a constant of a task is renamed',
    group: 'refactor',
    edits: [
      rename(
        'services/catalog/seed/task.ts',
        'export const catalogueSeed',
        'export const seedTask',
      ),
      rename('infra/platform.ts', '{ catalogueSeed }', '{ seedTask }'),
    ],
    declared: [],
  },
  refactor('lines of the platform change places', {
    file: 'infra/platform.ts',
    find: "export { audit } from '@meridian/audit/service.ts';\nexport { auditArchive } from '@meridian/audit/archive/task.ts';\n",
    replace:
      "export { auditArchive } from '@meridian/audit/archive/task.ts';\nexport { audit } from '@meridian/audit/service.ts';\n",
  }),
  refactor('a number is written in another way', {
    file: 'services/payments/service.ts',
    find: 'latencyP99Ms: 1000',
    replace: 'latencyP99Ms: 1_000',
  }),
  refactor('objectives are put together', {
    file: 'services/gateway/service.ts',
    find: 'objectives: { availabilityPercent: 99.9, latencyP95Ms: 200, latencyP99Ms: 500 }',
    replace:
      'objectives: { ...{ availabilityPercent: 99.9, latencyP95Ms: 200 }, latencyP99Ms: 500 }',
  }),
  refactor('an operation is promised what its service promises', {
    file: 'services/catalog/service.ts',
    find: 'objectives: { availabilityPercent: 99.9, latencyP95Ms: 50, latencyP99Ms: 200 }',
    replace:
      'objectives: { availabilityPercent: 99.9, latencyP95Ms: 50, latencyP99Ms: 200, operations: { getProduct: { latencyP99Ms: 200 } } }',
  }),
  refactor('a comment of a contract is another', {
    file: 'services/payments/contract/proto/meridian/payments/v1/payments.proto',
    find: '  // Lists all payments by order id.\n',
    replace: '  // Lists every payment there is, by order id.\n',
  }),
  refactor('fields of a message change places, and keep their numbers', {
    file: 'services/payments/contract/proto/meridian/payments/v1/payments.proto',
    find: '  string payment_id = 1;\n\n  string order_id = 2;\n\n  PaymentStatus status = 3;\n',
    replace: '  string payment_id = 1;\n\n  PaymentStatus status = 3;\n\n  string order_id = 2;\n',
  }),
  {
    name: 'a metric is taken out of the registry first',
    group: 'refactor',
    edits: [
      rename(
        'services/audit/log/log-metrics.ts',
        '  const one = (name',
        '  const { auditLogStopped } = METRICS;\n  const one = (name',
      ),
      rename('services/audit/log/log-metrics.ts', 'METRICS.auditLogStopped', 'auditLogStopped'),
    ],
    declared: [],
  },
  refactor('zones are listed in another order', {
    file: 'stacks/staging.ts',
    find: "  { name: 'a', network: '10.64.0.0/20', topologyZone: 'zone-a' },\n  { name: 'b', network: '10.64.16.0/20', topologyZone: 'zone-b' },\n",
    replace:
      "  { name: 'b', network: '10.64.16.0/20', topologyZone: 'zone-b' },\n  { name: 'a', network: '10.64.0.0/20', topologyZone: 'zone-a' },\n",
  }),
];

function refactor(
  name: string,
  edit: { readonly file: string; readonly find: string; readonly replace: string },
): CorpusChange {
  return { name, group: 'refactor', edits: [edit], declared: [] };
}

function rename(file: string, find: string, replace: string) {
  return { file, find, replace };
}
