import type { ResourceEdit } from './resource-edit.ts';

const POSTGRES = 'Cluster meridian-data/meridian';
const TOPIC = 'KafkaTopic meridian-data/catalog.events.v1';
const CATALOG = 'Rollout meridian/catalog';
const POLICY = 'NetworkPolicy meridian/payments';
const ROLE = 'Role meridian-data/credentials-redis';
const CONTAINER = ['spec', 'template', 'spec', 'containers', 0];

/** Changes that a person has to have meant, and that take nothing away for good. */
export const BENIGN: readonly ResourceEdit[] = [
  {
    name: 'a service runs another image',
    edits: [
      {
        object: CATALOG,
        at: [...CONTAINER, 'image'],
        to: `registry.example/meridian/catalog@sha256:${'b'.repeat(64)}`,
      },
    ],
    tells: [
      ['image-changed', /^catalog/],
      ['service-restarted', /^catalog/],
    ],
  },
  {
    name: 'containers of a service may write their own files',
    edits: [
      {
        object: CATALOG,
        at: [...CONTAINER, 'securityContext', 'readOnlyRootFilesystem'],
        to: false,
      },
    ],
    tells: [
      ['pod-weakened', /^catalog readOnlyRootFilesystem$/],
      ['service-restarted', /^catalog/],
    ],
  },
  {
    name: 'a service has more memory',
    edits: [{ object: CATALOG, at: [...CONTAINER, 'resources', 'limits', 'memory'], to: '640Mi' }],
    tells: [
      ['limits-changed', /^catalog .*memory/],
      ['service-restarted', /^catalog/],
    ],
  },
  {
    name: 'a service grows further',
    edits: [{ object: 'ScaledObject meridian/catalog', at: ['spec', 'maxReplicaCount'], to: 30 }],
    tells: [['scale-changed', /^catalog max replicas/]],
  },
  {
    name: 'a service grows less far',
    edits: [{ object: 'ScaledObject meridian/catalog', at: ['spec', 'maxReplicaCount'], to: 10 }],
    tells: [['capacity-down', /^catalog max replicas/]],
  },
  {
    name: 'pods of a namespace may have more memory together',
    edits: [
      {
        object: 'ResourceQuota meridian/meridian',
        at: ['spec', 'hard', 'limits.memory'],
        to: '200Gi',
      },
    ],
    tells: [['scale-changed', /limits\.memory/]],
  },
  {
    name: 'pods of a namespace may have less memory together',
    edits: [
      {
        object: 'ResourceQuota meridian/meridian',
        at: ['spec', 'hard', 'limits.memory'],
        to: '20Gi',
      },
    ],
    tells: [['limits-changed', /limits\.memory/]],
  },
  {
    name: 'the edge has one proxy less',
    edits: [
      {
        object: 'EnvoyProxy envoy-gateway-system/meridian',
        at: ['spec', 'provider', 'kubernetes', 'envoyDeployment', 'replicas'],
        to: 2,
      },
    ],
    tells: [['capacity-down', /^EnvoyProxy .* replicas/]],
  },
  {
    name: 'PostgreSQL takes more connections',
    edits: [
      {
        object: POSTGRES,
        at: ['spec', 'postgresql', 'parameters', 'max_connections'],
        to: '1200',
      },
    ],
    tells: [['engine-restarted', /max_connections/]],
  },
  {
    name: 'PostgreSQL reads a parameter again',
    edits: [{ object: POSTGRES, at: ['spec', 'postgresql', 'parameters', 'work_mem'], to: '8MB' }],
    tells: [['object-changed', /work_mem/]],
  },
  {
    name: 'PostgreSQL is told what nobody has looked up',
    edits: [{ object: POSTGRES, at: ['spec', 'startDelay'], to: 60 }],
    tells: [['unknown-change', /startDelay/]],
  },
  {
    name: 'brokers have more memory',
    edits: [
      {
        object: 'KafkaNodePool meridian-data/a',
        at: ['spec', 'resources', 'limits', 'memory'],
        to: '3Gi',
      },
    ],
    tells: [
      ['engine-restarted', /limits\.memory/],
      ['limits-changed', /limits\.memory/],
    ],
  },
  {
    name: 'a topic keeps its records for a month',
    edits: [{ object: TOPIC, at: ['spec', 'config', 'retention.ms'], to: 2_592_000_000 }],
    tells: [['object-changed', /retention\.ms/]],
  },
  {
    name: 'a topic has more partitions',
    edits: [{ object: TOPIC, at: ['spec', 'partitions'], to: 24 }],
    tells: [['topic-changed', /partitions/]],
  },
  {
    name: 'search may reach payments',
    edits: [
      {
        object: POLICY,
        at: ['spec', 'ingress', 1, 'from', 0, 'podSelector', 'matchLabels'],
        to: { 'app.kubernetes.io/name': 'search' },
      },
    ],
    tells: [
      ['network-closed', /^audit-baseline → payments :8443/],
      ['network-opened', /^search → payments :8443/],
    ],
  },
  {
    name: 'a role may read one Secret more',
    edits: [{ object: ROLE, at: ['rules', 1, 'resourceNames', 1], to: 'redis-keys' }],
    tells: [['rights-added', /get secrets 'redis-keys'/]],
  },
  {
    name: 'a certificate has one name more',
    edits: [
      {
        object: 'Certificate meridian-data/postgres-server-tls',
        at: ['spec', 'dnsNames', 12],
        to: 'postgres',
      },
    ],
    tells: [['rights-added', /^Certificate .* postgres$/]],
  },
  {
    name: 'a chart is of another version',
    edits: [{ object: 'chart keda', at: ['version'], to: '2.22.0' }],
    tells: [['image-changed', /^chart keda version/]],
  },
  {
    name: 'a chart has a value that nobody has looked up',
    edits: [{ object: 'chart keda', at: ['values', 'watchNamespace'], to: 'elsewhere' }],
    tells: [['unknown-change', /^chart keda values\.watchNamespace/]],
  },
  {
    name: 'a task runs at other times',
    edits: [
      { object: 'CronJob meridian/search-rebuild', at: ['spec', 'schedule'], to: '0 3 * * *' },
    ],
    tells: [['object-changed', /schedule/]],
  },
  {
    name: 'a Secret has another value',
    edits: [
      {
        object: 'Secret meridian/catalog-kafka-binding',
        at: ['stringData', 'tls-folder'],
        to: 'another',
      },
    ],
    tells: [['secret-changed', /^Secret meridian\/catalog-kafka-binding data/]],
  },
  {
    name: 'a label is another',
    edits: [
      {
        object: 'Service meridian/catalog',
        at: ['metadata', 'labels', 'app.kubernetes.io/version'],
        to: '9.9.9',
      },
    ],
    tells: [['object-changed', /^Service meridian\/catalog labels/]],
  },
  {
    name: 'an annotation stops an engine',
    edits: [{ object: POSTGRES, at: ['metadata', 'annotations', 'cnpg.io/hibernation'], to: 'on' }],
    tells: [['unknown-change', /cnpg\.io\/hibernation/]],
  },
  {
    name: 'there is one topic more',
    edits: [
      {
        parent: 'kafka',
        added: {
          apiVersion: 'kafka.strimzi.io/v1',
          kind: 'KafkaTopic',
          metadata: { name: 'returns.events.v1', namespace: 'meridian-data' },
          spec: {
            partitions: 12,
            replicas: 3,
            config: { 'min.insync.replicas': 2, 'retention.ms': 604_800_000 },
          },
        },
      },
    ],
    tells: [
      ['object-added', /returns\.events\.v1/],
      ['policy-broken', /data-are-protected/],
    ],
  },
  {
    name: 'there is a kind that nobody knows',
    edits: [
      {
        parent: 'kafka',
        added: {
          apiVersion: 'example.org/v1',
          kind: 'Gadget',
          metadata: { name: 'one', namespace: 'meridian' },
        },
      },
    ],
    tells: [['unknown-change', /^Gadget meridian\/one/]],
  },
  {
    name: 'a page waits for thousands of errors in a window',
    edits: [
      {
        object: 'ConfigMap observability/prometheus-b1612dcffc29',
        at: ['data', 'rules.yml'],
        rewritten: (text) => text.replaceAll('> bool 2.5)', '> bool 2999.5)'),
      },
    ],
    tells: [['alert-loosened', /^records of the platform slo:burning_page:is_1, slo:burning_t/]],
  },
];
