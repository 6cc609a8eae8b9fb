import { externals } from '../deployment.ts';
import { imageDigest } from '../staging.ts';
import type { StagingChange } from './staging-change.ts';

const IDENTITY = 'services/identity/service.ts';

/** One of each kind; none touches what another does, so all of them can be made at once. */
export const TWELVE_KINDS: readonly StagingChange[] = [
  {
    name: 'more replicas of a service',
    shows: /^update scaledobject-meridian-payments spec\.minReplicaCount: 2 → 3$/,
    edits: [
      ['services/payments/service.ts', "exposure: 'internal',", '$&\n  scale: { minReplicas: 3 },'],
    ],
  },
  {
    name: 'another image of a service',
    shows: /^update rollout-meridian-audit spec\.template\.spec\.containers\[0\]\.image: /,
    settings: { images: JSON.stringify({ audit: imageDigest('other') }) },
  },
  {
    name: 'another variable of every task',
    shows:
      /^update cronjob-meridian-search-rebuild spec\.jobTemplate\.spec\.template\.spec\.containers\[0\]\.env\[/,
    edits: [
      ['components/task/task-pod.ts', '...kitEnvironment(),', "$& { name: 'TZ', value: 'UTC' },"],
    ],
  },
  {
    name: 'a topic',
    shows: /^create kafkatopic-meridian-data-identity\.events\.v2$/,
    edits: [
      [
        'services/identity/topics.ts',
        /$/,
        "\nexport const identityNotes = topic({ ...identityEvents, name: 'identity.events.v2' });\n",
      ],
      [IDENTITY, '{ identityEvents }', '{ identityEvents, identityNotes }'],
      [IDENTITY, '[identityEvents]', '[identityEvents, identityNotes]'],
    ],
  },
  {
    name: 'more partitions of a topic',
    shows: /^update kafkatopic-meridian-data-catalog\.events\.v1 spec\.partitions: 12 → 24$/,
    edits: [['services/catalog/topics.ts', 'events: [', 'partitions: 24,\n  events: [']],
  },
  {
    name: 'a network that a service may reach, and the address in the Secret of a binding, which is replaced',
    shows: /^replace secret-meridian-external-payment-provider-binding data\.uri: a secret$/,
    settings: {
      externals: externals({
        uri: 'https://api.provider.example:8443',
        networks: ['198.51.100.0/24'],
      }),
    },
  },
  {
    name: 'another generation of passwords',
    shows: /^create job-meridian-data-credentials-redis-/,
    settings: { passwordGeneration: '3' },
  },
  {
    name: 'another content of a Job',
    shows: /^create job-meridian-.*migrat.*orders-/,
    files: { 'services/orders/migrations/9999_change-nothing.sql': 'SELECT 1;\n' },
  },
  {
    name: 'a field of a kind of an operator',
    shows: /^update cluster-meridian-data-meridian spec\.storage\.size: "20Gi" → "30Gi"$/,
    edits: [['components/postgres/kubernetes/cluster.ts', 'DATA_GIB = 20', 'DATA_GIB = 30']],
  },
  {
    name: 'a task less',
    shows: /^delete cronjob-meridian-order-story$/,
    edits: [['infra/platform.ts', /export \{ orderStory \}.*\n/, '']],
  },
  {
    name: 'a task of another name',
    shows: /^create cronjob-meridian-catalogue-fill$/,
    edits: [['services/catalog/seed/task.ts', "name: 'catalogue-seed'", "name: 'catalogue-fill'"]],
  },
  {
    name: 'something else that a role gives',
    shows: /^update role-meridian-meridian-collector rules\[0\]\.resources\[1\]:  → "services"$/,
    edits: [
      [
        'components/observability/kubernetes/access.ts',
        "resources: ['pods'], verbs: WATCHES",
        "resources: ['pods', 'services'], verbs: WATCHES",
      ],
    ],
  },
];
