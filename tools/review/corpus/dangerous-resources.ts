import type { ResourceEdit } from './resource-edit.ts';
import { SILENT_PAGES } from './silent-pages.ts';

const POSTGRES = 'Cluster meridian-data/meridian';
const KAFKA = 'Kafka meridian-data/meridian';
const ELASTICSEARCH = 'Elasticsearch meridian-data/meridian';
const TOPIC = 'KafkaTopic meridian-data/catalog.events.v1';
const POLICY = 'NetworkPolicy meridian/payments';
const ROLE = 'Role meridian-data/credentials-redis';
const BINDING = 'RoleBinding meridian-data/credentials-redis';
const RULES = 'ConfigMap observability/prometheus-b1612dcffc29';

/** Changes after which something is gone, open, believed or unseen: what a review must not let pass. */
export const DANGEROUS: readonly ResourceEdit[] = [
  {
    name: 'a database is no longer declared',
    edits: [{ object: POSTGRES, isGone: true }],
    tells: [['data-deleted', /^Cluster meridian-data\/meridian/]],
  },
  {
    name: 'a topic is no longer declared',
    edits: [{ object: TOPIC, isGone: true }],
    tells: [['data-deleted', /catalog\.events\.v1/]],
  },
  {
    name: 'the component of a database is another, without an alias',
    edits: [{ object: POSTGRES, parent: 'databases', hasAlias: false }],
    tells: [['data-replaced', /^Cluster meridian-data\/meridian/]],
  },
  {
    name: 'search is no longer protected',
    edits: [{ object: ELASTICSEARCH, isProtected: false }],
    tells: [['data-unprotected', /^Elasticsearch .* protect/]],
  },
  {
    name: 'volumes of brokers go with their claim',
    edits: [
      {
        object: 'KafkaNodePool meridian-data/a',
        at: ['spec', 'storage', 'volumes', 0, 'deleteClaim'],
        to: true,
      },
    ],
    tells: [['data-unprotected', /^KafkaNodePool .*deleteClaim/]],
  },
  {
    name: 'a topic keeps its records for two days',
    edits: [{ object: TOPIC, at: ['spec', 'config', 'retention.ms'], to: 172_800_000 }],
    tells: [['retention-cut', /retention\.ms/]],
  },
  {
    name: 'metrics are kept for a week',
    edits: [{ object: 'chart prometheus', at: ['values', 'server', 'retention'], to: '7d' }],
    tells: [['retention-cut', /^chart prometheus values\.server\.retention/]],
  },
  {
    name: 'logs are kept for a day',
    edits: [
      {
        object: 'ConfigMap observability/loki-63518d8dfa24',
        at: ['data', 'config.yaml'],
        rewritten: (text) => text.replace('"720h"', '"24h"'),
      },
      { object: 'ConfigMap observability/loki-63518d8dfa24', named: 'loki-0123456789ab' },
    ],
    tells: [['retention-cut', /^ConfigMap observability\/loki limits_config\.retention_period/]],
  },
  {
    name: 'backups end',
    base: [{ object: POSTGRES, at: ['spec', 'backup'], to: { retentionPolicy: '30d' } }],
    edits: [{ object: POSTGRES, at: ['spec', 'backup'], to: undefined }],
    tells: [['backup-cut', /^Cluster .* backup/]],
  },
  {
    name: 'backups are kept for a week',
    base: [{ object: POSTGRES, at: ['spec', 'backup'], to: { retentionPolicy: '30d' } }],
    edits: [{ object: POSTGRES, at: ['spec', 'backup', 'retentionPolicy'], to: '7d' }],
    tells: [['backup-cut', /retentionPolicy/]],
  },
  {
    name: 'a service has an address of its own outside',
    edits: [{ object: 'Service meridian/catalog', at: ['spec', 'type'], to: 'LoadBalancer' }],
    tells: [
      ['newly-reachable', /^Service meridian\/catalog (?:type LoadBalancer|from everywhere)/],
    ],
  },
  {
    name: 'payments may be reached from every pod and every address',
    edits: [{ object: POLICY, at: ['spec', 'ingress', 0, 'from'], to: [] }],
    tells: [
      ['network-closed', /^audit → payments :8443/],
      ['newly-reachable', /^anybody → payments :8443/],
    ],
  },
  {
    name: 'payments may be reached from every address',
    edits: [
      {
        object: POLICY,
        at: ['spec', 'ingress', 1, 'from', 0],
        to: { ipBlock: { cidr: '0.0.0.0/0' } },
      },
    ],
    tells: [
      ['network-closed', /^audit-baseline → payments :8443/],
      ['newly-reachable', /^anybody → payments :8443/],
    ],
  },
  {
    name: 'a namespace denies nothing by default',
    edits: [
      {
        object: 'NetworkPolicy meridian/default-deny',
        at: ['spec', 'policyTypes'],
        to: ['Egress'],
      },
    ],
    tells: [['newly-reachable', /^anybody → every pod in meridian/]],
  },
  {
    name: 'a role may do everything',
    edits: [{ object: ROLE, at: ['rules', 1, 'verbs'], to: ['*'] }],
    tells: [
      ['rights-for-all', /\* secrets 'redis-users'/],
      ['rights-removed', /get secrets 'redis-users', update/],
    ],
  },
  {
    name: 'a Job is administrator of the cluster',
    edits: [{ object: BINDING, at: ['roleRef', 'name'], to: 'cluster-admin' }],
    tells: [
      ['replaced', /^RoleBinding .*roleRef\.name/],
      ['rights-for-all', /cluster-admin to ServiceAccount/],
      ['rights-removed', /credentials-redis to ServiceAccount/],
    ],
  },
  {
    name: 'everybody has a role',
    edits: [
      {
        object: BINDING,
        at: ['subjects', 0],
        to: { kind: 'Group', name: 'system:authenticated', apiGroup: 'rbac.authorization.k8s.io' },
      },
    ],
    tells: [
      ['rights-for-all', /system:authenticated/],
      ['rights-removed', /credentials-redis to ServiceAccount/],
    ],
  },
  {
    name: 'a user of Kafka reads every topic',
    edits: [
      {
        object: 'KafkaUser meridian-data/audit',
        at: ['spec', 'authorization', 'acls', 0, 'resource', 'name'],
        to: '*',
      },
    ],
    tells: [
      ['rights-for-all', /Read topic \*/],
      ['rights-removed', /Read topic catalog\.events\.v1/],
    ],
  },
  {
    name: 'a role of PostgreSQL is superuser',
    edits: [{ object: POSTGRES, at: ['spec', 'managed', 'roles', 0, 'superuser'], to: true }],
    tells: [['rights-for-all', /superuser to role audit_owner/]],
  },
  {
    name: 'PostgreSQL lets somebody in without a certificate',
    edits: [
      {
        object: POSTGRES,
        at: ['spec', 'postgresql', 'pg_hba', 0],
        to: 'host audit audit all trust',
      },
    ],
    tells: [
      ['object-changed', /pg_hba/],
      ['rights-removed', /hostssl audit audit all cert/],
      ['sign-in-dropped', /host audit audit all trust/],
    ],
  },
  {
    name: 'Kafka asks clients for no certificate',
    edits: [
      {
        object: KAFKA,
        at: [
          ...['spec', 'kafka', 'listeners', 0, 'authentication'],
          ...['listenerConfig', 'ssl.client.auth'],
        ],
        to: 'requested',
      },
    ],
    tells: [
      ['engine-restarted', /ssl\.client\.auth/],
      ['sign-in-dropped', /listener tls/],
    ],
  },
  {
    name: 'a user of Redis may do everything',
    edits: [
      {
        object: 'chart redis',
        at: ['values', 'auth', 'aclUsers', 'monitor', 'permissions'],
        to: '~* +@all',
      },
    ],
    tells: [
      ['rights-for-all', /(?:\+@all|~\*) to monitor/],
      ['rights-removed', /\+auth to monitor/],
    ],
  },
  {
    name: 'services are signed for by another authority',
    edits: [
      {
        object: 'ClusterIssuer meridian-services',
        at: ['spec', 'ca', 'secretName'],
        to: 'meridian-root-authority',
      },
    ],
    tells: [['trust-changed', /^ClusterIssuer meridian-services spec\.ca\.secretName/]],
  },
  {
    name: 'nobody judges who may ask for a certificate',
    edits: [{ object: 'ValidatingAdmissionPolicyBinding meridian-issuance', isGone: true }],
    tells: [['trust-changed', /^ValidatingAdmissionPolicyBinding meridian-issuance/]],
  },
  {
    name: 'services believe another authority',
    edits: [
      {
        object: 'Bundle meridian-root',
        at: ['spec', 'sources', 0, 'secret', 'name'],
        to: 'meridian-edge-authority',
      },
    ],
    tells: [['trust-changed', /^Bundle meridian-root/]],
  },
  {
    name: 'the root has a shorter key',
    edits: [
      {
        object: 'Certificate cert-manager/meridian-root',
        at: ['spec', 'privateKey', 'algorithm'],
        to: 'RSA',
      },
    ],
    tells: [['trust-changed', /privateKey\.algorithm/]],
  },
  {
    name: 'identities are of another trust domain',
    edits: [
      {
        object: 'chart csi-driver-spiffe',
        at: ['values', 'app', 'trustDomain'],
        to: 'prod.meridian',
      },
    ],
    tells: [['trust-changed', /trustDomain/]],
  },
  {
    name: 'the edge serves every host',
    edits: [
      {
        object: 'Gateway envoy-gateway-system/meridian',
        at: ['spec', 'listeners', 0, 'hostname'],
        to: undefined,
      },
    ],
    tells: [
      ['network-closed', /meridian\.example/],
      ['newly-reachable', /HTTPS :443 for every host/],
    ],
  },
  {
    name: 'requests get to payments without the gateway',
    edits: [
      {
        object: 'HTTPRoute meridian/meridian-reads',
        at: ['spec', 'rules', 0, 'backendRefs', 0, 'name'],
        to: 'payments',
      },
    ],
    tells: [
      ['network-closed', /to gateway :8443/],
      ['newly-reachable', /to payments :8443/],
    ],
  },
  {
    name: 'a page is gone from the rules',
    edits: [
      {
        object: RULES,
        at: ['data', 'rules.yml'],
        rewritten: (text) =>
          text.replaceAll(
            /( +)- record: service:alert:is_1\n(?:(?!\1- ).*\n)*?\1 {4}alert: "NothingSeen"\n(?:(?!\1- ).*\n)*/g,
            '',
          ),
      },
    ],
    tells: [['page-lost', /^NothingSeen of meridian/]],
  },
  {
    name: 'a namespace takes any pod',
    edits: ['enforce', 'warn', 'audit'].map((mode) => ({
      object: 'Namespace meridian',
      at: ['metadata', 'labels', `pod-security.kubernetes.io/${mode}`],
      to: 'privileged',
    })),
    tells: [['policy-broken', /^Namespace meridian namespaces-enforce-pod-security/]],
  },
  {
    name: 'programs of a service may gain privileges',
    edits: [
      {
        object: 'Rollout meridian/catalog',
        at: [
          ...['spec', 'template', 'spec', 'containers', 0],
          ...['securityContext', 'allowPrivilegeEscalation'],
        ],
        to: true,
      },
    ],
    tells: [
      ['policy-broken', /pods-are-restricted/],
      ['service-restarted', /^catalog/],
    ],
  },
  ...SILENT_PAGES,
];
