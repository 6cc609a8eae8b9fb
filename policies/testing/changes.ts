/** A change of one object of staging, and the rule that it breaks. */
export interface Change {
  /** Id of the rule. */
  readonly rule: string;
  /** Title of the object that is changed. */
  readonly object: string;
  /** Where; 'isProtected' alone is Pulumi's option, and 'name' alone the name in the program. */
  readonly at: readonly (string | number)[];
  /** What stands there afterwards; nothing where it is undefined. */
  readonly to: unknown;
  /** What is told of it. */
  readonly told: RegExp;
  /** The object that is named. @default the one that is changed */
  readonly found?: string;
}

const POD = ['spec', 'template', 'spec'];
const CONTAINER = [...POD, 'containers', 0];
const CATALOG = 'Rollout meridian/catalog';
const KAFKA = 'Kafka meridian-data/meridian';
const POSTGRES = 'Cluster meridian-data/meridian';
const ELASTICSEARCH = 'Elasticsearch meridian-data/meridian';
const TOPIC = 'KafkaTopic meridian-data/catalog.events.v1';
const BUDGET = 'PodDisruptionBudget meridian/catalog';
const BROKERS = ['spec', 'kafka', 'config'];
const ROLE = 'Role meridian-data/credentials-redis';

/** At least one for each rule. */
export const CHANGES: readonly Change[] = [
  {
    rule: 'pods-are-restricted',
    object: CATALOG,
    at: [...POD, 'hostNetwork'],
    to: true,
    told: /uses hostNetwork of its node/,
  },
  {
    rule: 'pods-are-restricted',
    object: CATALOG,
    at: [...POD, 'securityContext', 'runAsNonRoot'],
    to: undefined,
    told: /may run as root/,
  },
  {
    rule: 'pods-are-restricted',
    object: 'CronJob meridian/search-rebuild',
    at: ['spec', 'jobTemplate', ...POD, 'containers', 0, 'securityContext', 'capabilities'],
    to: { add: ['NET_RAW'] },
    told: /container 'search-rebuild' keeps capabilities.*adds capabilities \["NET_RAW"\]/s,
  },
  {
    rule: 'pods-are-restricted',
    object: CATALOG,
    at: [...POD, 'volumes', 0],
    to: { name: 'config', hostPath: { path: '/' } },
    told: /volume 'config' is of type hostPath/,
  },
  {
    rule: 'namespaces-enforce-pod-security',
    object: 'Namespace meridian',
    at: ['metadata', 'labels', 'pod-security.kubernetes.io/enforce'],
    to: 'baseline',
    told: /enforces "baseline"/,
  },
  {
    rule: 'containers-say-what-they-use',
    object: CATALOG,
    at: [...CONTAINER, 'resources', 'limits'],
    to: undefined,
    told: /container 'catalog' has no resources\.limits\.memory/,
  },
  {
    rule: 'images-are-by-digest',
    object: CATALOG,
    at: [...CONTAINER, 'image'],
    to: 'registry.example/meridian/catalog:latest',
    told: /has the image "registry\.example\/meridian\/catalog:latest"/,
  },
  {
    rule: 'lasting-pods-are-probed',
    object: CATALOG,
    at: [...CONTAINER, 'readinessProbe'],
    to: undefined,
    told: /container 'catalog' has no readinessProbe/,
  },
  {
    rule: 'secrets-are-in-no-environment',
    object: CATALOG,
    at: [...CONTAINER, 'env', 0],
    to: { name: 'DATABASE_PASSWORD', value: 'x' },
    told: /is given DATABASE_PASSWORD by its environment/,
  },
  {
    rule: 'every-pod-has-a-network-policy',
    object: 'NetworkPolicy meridian/default-deny',
    at: ['spec', 'policyTypes'],
    to: ['Ingress'],
    told: /namespace 'meridian' denies nothing by default/,
    found: CATALOG,
  },
  {
    rule: 'every-pod-has-a-network-policy',
    object: 'NetworkPolicy meridian/catalog',
    at: ['spec', 'podSelector', 'matchLabels'],
    to: { 'app.kubernetes.io/name': 'catalogue' },
    told: /no NetworkPolicy names its pods/,
    found: CATALOG,
  },
  {
    rule: 'nothing-is-open-to-everybody',
    object: 'NetworkPolicy meridian/catalog',
    at: ['spec', 'ingress', 0, 'from'],
    to: [],
    told: /lets anybody in at port 8443/,
  },
  {
    rule: 'nothing-is-open-to-everybody',
    object: 'NetworkPolicy meridian/catalog',
    at: ['spec', 'ingress', 0, 'from', 0],
    to: { ipBlock: { cidr: '0.0.0.0/0' } },
    told: /lets anybody in at port 8443/,
  },
  {
    rule: 'nothing-bypasses-the-edge',
    object: 'Service meridian/catalog',
    at: ['spec', 'type'],
    to: 'LoadBalancer',
    told: /is of type "LoadBalancer"/,
  },
  {
    rule: 'replicas-are-in-three-zones',
    object: CATALOG,
    at: [...POD, 'topologySpreadConstraints'],
    to: undefined,
    told: /has no topologySpreadConstraint/,
  },
  {
    rule: 'replicas-are-in-three-zones',
    object: POSTGRES,
    at: ['spec', 'instances'],
    to: 2,
    told: /has 2 instances/,
  },
  {
    rule: 'replicas-are-in-three-zones',
    object: 'KafkaNodePool meridian-data/a',
    at: ['spec', 'roles'],
    to: ['broker'],
    told: /role controller has members in 2 zones of their own, not 3/,
    found: KAFKA,
  },
  {
    rule: 'replicas-are-in-three-zones',
    object: ELASTICSEARCH,
    at: ['spec', 'nodeSets', 0],
    to: undefined,
    told: /has members in 2 zones of their own/,
  },
  {
    rule: 'a-drain-takes-one',
    object: BUDGET,
    at: ['spec', 'maxUnavailable'],
    to: '50%',
    told: /a budget with maxUnavailable "50%"/,
    found: CATALOG,
  },
  {
    rule: 'a-drain-takes-one',
    object: BUDGET,
    at: ['metadata', 'namespace'],
    to: 'elsewhere',
    told: /has no PodDisruptionBudget/,
    found: CATALOG,
  },
  {
    rule: 'engines-keep-their-budgets',
    object: POSTGRES,
    at: ['spec', 'enablePDB'],
    to: false,
    told: /enablePDB is false/,
  },
  {
    rule: 'data-are-protected',
    object: TOPIC,
    at: ['isProtected'],
    to: false,
    told: /is not protected/,
  },
  {
    rule: 'data-are-protected',
    object: 'Namespace cert-manager',
    at: ['isProtected'],
    to: false,
    told: /is not protected/,
  },
  {
    rule: 'volumes-are-kept',
    object: 'KafkaNodePool meridian-data/a',
    at: ['spec', 'storage', 'volumes', 0, 'deleteClaim'],
    to: true,
    told: /deleteClaim is true/,
  },
  {
    rule: 'volumes-are-kept',
    object: ELASTICSEARCH,
    at: ['spec', 'volumeClaimDeletePolicy'],
    to: undefined,
    told: /must be DeleteOnScaledownOnly, got none/,
  },
  {
    rule: 'records-have-three-copies',
    object: TOPIC,
    at: ['spec', 'replicas'],
    to: 2,
    told: /replicas must be at least 3, got 2/,
  },
  {
    rule: 'records-have-three-copies',
    object: KAFKA,
    at: [...BROKERS, 'unclean.leader.election.enable'],
    to: 'true',
    told: /unclean\.leader\.election\.enable is true/,
  },
  {
    rule: 'records-are-kept-for-a-day',
    object: TOPIC,
    at: ['spec', 'config', 'retention.ms'],
    to: 60_000,
    told: /retention\.ms must be at least 86400000, got 60000/,
  },
  {
    rule: 'commits-are-on-two-instances',
    object: POSTGRES,
    at: ['spec', 'postgresql', 'synchronous', 'dataDurability'],
    to: 'preferred',
    told: /must be required, got "preferred"/,
  },
  {
    rule: 'engines-speak-tls-alone',
    object: KAFKA,
    at: ['spec', 'kafka', 'listeners', 0, 'tls'],
    to: false,
    told: /listener 'tls' has no TLS/,
  },
  {
    rule: 'engines-speak-tls-alone',
    object: POSTGRES,
    at: ['spec', 'postgresql', 'pg_hba', 0],
    to: 'host audit audit all md5',
    told: /pg_hba lets in without TLS: 'host audit audit all md5'/,
  },
  {
    rule: 'the-edge-speaks-tls-alone',
    object: 'HTTPRoute envoy-gateway-system/meridian-redirect',
    at: ['spec', 'rules'],
    to: [{ backendRefs: [{ name: 'gateway', port: 8443 }] }],
    told: /serves requests by plain HTTP/,
  },
  {
    rule: 'rights-are-named',
    object: ROLE,
    at: ['rules', 0, 'verbs'],
    to: ['*'],
    told: /gives verbs '\*'/,
  },
  {
    rule: 'secrets-are-given-by-name',
    object: ROLE,
    at: ['rules', 1, 'resourceNames'],
    to: undefined,
    told: /gives 'get' on all Secrets/,
  },
  {
    rule: 'nobody-is-administrator',
    object: 'RoleBinding meridian-data/credentials-redis',
    at: ['roleRef', 'name'],
    to: 'cluster-admin',
    told: /gives "cluster-admin"/,
  },
];
