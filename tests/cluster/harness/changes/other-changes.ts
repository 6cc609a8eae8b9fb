import type { StagingChange } from './staging-change.ts';

const EDGE = 'components/edge/kubernetes';
const CLUSTER = 'components/cluster';
const OBSERVABILITY = 'components/observability';

/** Of one noun each. */
const OF_NOUNS: readonly StagingChange[] = [
  {
    name: 'how long a topic keeps its records',
    shows: /^update kafkatopic-meridian-data-orders\.events\.v1 spec\.config\.retention\.ms: /,
    edits: [['services/orders/topics.ts', 'events: [', 'retentionDays: 3,\n  events: [']],
  },
  {
    name: 'more memory of a service',
    shows:
      /^update rollout-meridian-search spec\.template\.spec\.containers\[0\]\.resources\.limits\.memory: /,
    edits: [['services/search/service.ts', 'memoryMiB: 448', 'memoryMiB: 768']],
  },
  {
    name: 'the most replicas of a service, and the quota that holds them',
    shows: /^update resourcequota-meridian-meridian spec\.hard\.pods: /,
    edits: [
      ['services/identity/service.ts', "exposure: 'public',", '$&\n  scale: { maxReplicas: 6 },'],
    ],
  },
  {
    name: 'a limit of rates',
    shows:
      /^update rollout-meridian-gateway spec\.template\.metadata\.annotations\.meridian\/service\.json: /,
    edits: [['services/gateway/service.ts', 'requests: 6_000', 'requests: 9_000']],
  },
  {
    name: 'the time of a route',
    shows:
      /^update httproute-meridian-meridian-reads spec\.rules\[0\]\.timeouts\.request: "15s" → "20s"$/,
    edits: [[`${EDGE}/gateway-api.ts`, "REQUEST_TIMEOUT = '15s'", "REQUEST_TIMEOUT = '20s'"]],
  },
  {
    name: 'an objective',
    shows: /^update analysistemplate-meridian-catalog spec\.metrics\[1\]/,
    edits: [
      ['services/catalog/service.ts', 'availabilityPercent: 99.9', 'availabilityPercent: 99.5'],
    ],
  },
  {
    name: 'an alert',
    shows: /^create configmap-observability-prometheus-/,
    edits: [
      [`${OBSERVABILITY}/rules/causes.ts`, 'firing: held(value, 5)', 'firing: held(value, 9)'],
    ],
  },
  {
    name: 'a schedule',
    shows:
      /^update cronjob-meridian-audit-verification spec\.schedule: "0 0 1 1 \*" → "0 0 2 1 \*"$/,
    edits: [['components/task/kubernetes.ts', "NEVER = '0 0 1 1 *'", "NEVER = '0 0 2 1 *'"]],
  },
  {
    name: 'volumes of brokers',
    shows:
      /^update kafkanodepool-meridian-data-a spec\.storage\.volumes\[0\]\.size: "50Gi" → "60Gi"$/,
    edits: [['components/kafka/kubernetes/node-pools.ts', "STORAGE = '50Gi'", "STORAGE = '60Gi'"]],
  },
  {
    name: 'a parameter of PostgreSQL',
    shows:
      /^update cluster-meridian-data-meridian spec\.postgresql\.parameters\.tcp_keepalives_idle: "30" → "45"$/,
    edits: [
      [
        'components/postgres/postgres-configuration.ts',
        "tcp_keepalives_idle: '30'",
        "tcp_keepalives_idle: '45'",
      ],
    ],
  },
  {
    name: 'what a container without figures gets',
    shows:
      /^update limitrange-meridian-data-meridian spec\.limits\[0\]\.default\.memory: "256Mi" → "300Mi"$/,
    edits: [[`${CLUSTER}/quotas.ts`, "memory: '256Mi'", "memory: '300Mi'"]],
  },
  {
    name: 'a value of a chart of others',
    shows: /^update release-grafana values\.replicas: 2 → 3$/,
    edits: [[`${OBSERVABILITY}/kubernetes/grafana-chart.ts`, 'REPLICAS = 2', 'REPLICAS = 3']],
  },
  {
    name: 'how many pods of a service may be away',
    shows: /^update poddisruptionbudget-meridian-orders spec\.maxUnavailable: 1 → 2$/,
    edits: [
      ['components/service/chart/service-objects.ts', 'maxUnavailable: 1,', 'maxUnavailable: 2,'],
    ],
  },
  {
    name: 'how long certificates of servers are good',
    shows: /^update certificate-meridian-data-.* spec\.duration: "2160h0m0s" → "1440h0m0s"$/,
    edits: [
      [
        'components/certificates/engine-certificate.ts',
        "duration: '2160h0m0s'",
        "duration: '1440h0m0s'",
      ],
    ],
  },
  {
    name: 'what becomes of requests that a policy cannot judge',
    shows:
      /^update validatingadmissionpolicy-meridian-issuance spec\.failurePolicy: "Fail" → "Ignore"$/,
    edits: [
      [
        'components/kubernetes/admission-policy.ts',
        "failurePolicy: 'Fail'",
        "failurePolicy: 'Ignore'",
      ],
    ],
  },
  {
    name: 'how many connections the edge takes',
    shows:
      /^update clienttrafficpolicy-.* spec\.connection\.connectionLimit\.value: 10000 → 20000$/,
    edits: [[`${EDGE}/envoy-gateway.ts`, 'MAX_CONNECTIONS = 10_000', 'MAX_CONNECTIONS = 20_000']],
  },
  {
    name: 'volumes of Elasticsearch',
    shows:
      /^update elasticsearch-meridian-data-meridian spec\.nodeSets\[0\]\.volumeClaimTemplates\[0\]\.spec\.resources\.requests\.storage: "20Gi" → "30Gi"$/,
    edits: [
      ['components/search/kubernetes/elasticsearch.ts', "STORAGE = '20Gi'", "STORAGE = '30Gi'"],
    ],
  },
  {
    name: 'a call less',
    shows: /^update networkpolicy-meridian-search spec\.egress/,
    edits: [['services/search/service.ts', /\n {2}calls: \[call\(catalog.*\],/, '']],
  },
  {
    name: 'the port of a Service',
    shows:
      /^update service-envoy-gateway-system-meridian-edge-inside spec\.ports\[0\]\.port: 443 → 8443$/,
    edits: [[`${EDGE}/edge-inside.ts`, 'PORT = 443', 'PORT = 8_443']],
  },
];

/** Of many nouns each, and of fields that the others leave alone. */
const OF_THE_STACK: readonly StagingChange[] = [
  {
    name: 'a label of namespaces',
    shows: /^update namespace-meridian metadata\.labels\.example\.org\/team:  → "shop"$/,
    edits: [
      [
        `${CLUSTER}/pod-security.ts`,
        'return Object.fromEntries(\n',
        "return Object.fromEntries([['example.org/team', 'shop'], ...\n",
      ],
      [`${CLUSTER}/pod-security.ts`, '    ]),\n  );', '    ]),\n  ]);'],
    ],
  },
  {
    name: 'a Secret for pulls',
    shows: /^update rollout-meridian-orders spec\.template\.spec\.imagePullSecrets:  → /,
    settings: { imagePullSecrets: '["registry-access"]' },
  },
  {
    name: 'another place of DNS',
    shows: /^update networkpolicy-meridian-orders spec\.egress/,
    settings: { dns: '{"networks": ["169.254.20.10/32", "10.96.0.10/32"]}' },
  },
  {
    name: 'another place of the API server',
    shows: /^update networkpolicy-meridian-data-credentials-redis spec\.egress/,
    settings: { apiServer: '{"networks": ["10.96.0.1/32"]}' },
  },
  {
    name: 'more brokers',
    shows: /^create kafkanodepool-meridian-data-a-brokers$/,
    settings: { kafkaBrokers: '6' },
  },
  {
    name: 'another host of the platform',
    shows: /^update gateway-.* spec\.listeners\[0\]\.hostname: "shop\.example" → "store\.example"$/,
    settings: { host: 'store.example' },
  },
  {
    name: 'requests that try a release',
    shows:
      /^update httproute-meridian-meridian-writes spec\.rules\[0\]\.backendRefs\[1\]\.weight: 0 → 10$/,
    settings: { edgeCanaryPercent: '10' },
  },
  {
    name: 'copies of PostgreSQL by snapshots',
    shows: /^create scheduledbackup-meridian-data-/,
    settings: { snapshotClass: 'csi-fast' },
  },
  {
    name: 'how long the audit trail is kept',
    shows: /^update rollout-meridian-audit spec\.template\.metadata\.annotations/,
    settings: { auditKeepDays: '90' },
  },
  {
    name: 'fewer traces',
    shows: /^update rollout-meridian-gateway .* → .*traceSamplePercent\\\": 50,/,
    settings: { traceSamplePercent: '50' },
  },
];

/** What is previewed together, as none of a list touches what another of it does. */
export const OTHER_CHANGES: readonly (readonly StagingChange[])[] = [OF_NOUNS, OF_THE_STACK];

/** What no cluster takes; each is previewed by itself, as that ends there. */
export const REFUSED: readonly StagingChange[] = [
  {
    name: 'a priority, which a class keeps for good',
    shows: /priorityclass-meridian-telemetry.*: value: /is,
    edits: [[`${CLUSTER}/priority-classes.ts`, 'telemetry: 50_000', 'telemetry: 60_000']],
  },
  {
    name: 'another controller of a class of gateways',
    shows: /gatewayclass-meridian.*: spec\.controllerName: /is,
    edits: [
      [
        `${EDGE}/gateway-api.ts`,
        'gateway.envoyproxy.io/gatewayclass-controller',
        'gateway.example.org/gatewayclass-controller',
      ],
    ],
  },
];
