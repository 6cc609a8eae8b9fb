import { fieldsOf, valueAt } from '@meridian/policies/fields.ts';
import { each, once, short } from './aspect.ts';
import type { Aspect } from './aspect.ts';
import { budget, replicas, resources, spread } from './capacity.ts';
import { chart } from './charts.ts';
import { gatewayListeners, httpRoute } from './edge.ts';
import { backupRetention, keepsVolumes, retention } from './kept.ts';
import { ingress, networkPolicy, serviceExposure } from './network.ts';
import {
  allowLists,
  bindingSubjects,
  elasticsearchUsers,
  kafkaAcls,
  postgresAccess,
  postgresRoles,
  roleRules,
} from './rights.ts';
import { configurationTexts } from './texts.ts';
import { believed, certificate, kafkaListeners } from './trust.ts';
import { images, podAccount } from './workloads.ts';

const ISSUER = believed(/^spec\b/, 'who it signs for, or by which key, is another');
const ADMISSION = believed(/^spec\b/, 'what the cluster admits is judged otherwise');

const POD_SPREAD = spread(/^spec\.template\.spec\.(?:affinity|topologySpreadConstraints)\b/);
const POD_RESOURCES = resources(/^spec\.template\.spec\.(?:initC|c)ontainers\[\d+\]\.resources\b/);
const WORKLOAD: readonly Aspect[] = [
  replicas(/^spec\.replicas$/, 'replicas'),
  POD_SPREAD,
  POD_RESOURCES,
  images,
  podAccount,
  allowLists,
];

const BACKUP_CONSEQUENCE = 'what is lost from then on is lost for good';

/** A backup that is no longer made, or goes elsewhere. */
const postgresBackups: Aspect = {
  field: /^spec\.(?:backup|plugins)\b/,
  tell: ({ before, after }, lines) => {
    const kept = lines.filter(({ property }) => property !== 'spec.backup.retentionPolicy');
    if (kept.length === 0) return [];
    const isMade = (cluster: unknown): boolean =>
      valueAt(cluster, 'spec.backup') !== undefined ||
      valueAt(cluster, 'spec.plugins') !== undefined;
    const isNew = !isMade(before) && isMade(after);
    return [
      {
        kind: isNew ? 'object-changed' : 'backup-cut',
        property: 'backup',
        before: isMade(before) ? 'there' : 'none',
        after: isMade(after) ? 'another' : 'none',
        consequence: isNew ? 'backups are made' : BACKUP_CONSEQUENCE,
      },
    ];
  },
};

/** What goes when a backup's own object does. */
const backupObject: Aspect = {
  field: /^$/,
  isOfWholes: true,
  tell: ({ operation }) =>
    operation === 'delete'
      ? [{ kind: 'backup-cut', before: 'there', after: 'none', consequence: BACKUP_CONSEQUENCE }]
      : [],
};

/** A Secret of which a value differs: which key, and no more. */
const secretValues: Aspect = {
  field: /^(?:data|stringData|type|immutable)\b/,
  tell: (_change, lines) =>
    lines.map(({ property }) => ({
      kind: 'secret-changed',
      property,
      consequence: 'whoever reads it gets another value',
    })),
};

const LIMITS = 'what is not within them is refused or cut off';

/**
 * What changes of known kinds of objects mean, by group and kind as the table of restarts names them. A field that no row
 * explains is told as an unknown change, and so is a kind that is not here.
 */
export const KINDS: Readonly<Record<string, readonly Aspect[]>> = {
  'admissionregistration.k8s.io:ValidatingAdmissionPolicy': [ADMISSION],
  'admissionregistration.k8s.io:ValidatingAdmissionPolicyBinding': [ADMISSION],
  'apps:DaemonSet': WORKLOAD,
  'apps:Deployment': WORKLOAD,
  'apps:StatefulSet': WORKLOAD,
  'argoproj.io:AnalysisTemplate': [
    once(/^spec\b/, 'unknown-change', 'what stops a bad release is judged otherwise', 'analysis'),
  ],
  'argoproj.io:Rollout': [
    ...WORKLOAD,
    replicas(/^spec\.strategy\.blueGreen\.previewReplicaCount$/, 'replicas of a preview'),
  ],
  'autoscaling:HorizontalPodAutoscaler': [
    replicas(/^spec\.minReplicas$/, 'min replicas'),
    replicas(/^spec\.maxReplicas$/, 'max replicas'),
    each(/^spec\.(?:metrics|behavior)\b/, 'limits-changed', 'it grows at another load'),
  ],
  'barmancloud.cnpg.io:ObjectStore': [
    backupObject,
    backupRetention(/^spec\.retentionPolicy$/),
    each(/^spec\.configuration\b/, 'backup-cut', 'backups go elsewhere, or no longer'),
  ],
  'batch:CronJob': [
    images,
    podAccount,
    once(/^spec\.schedule$/, 'object-changed', 'it runs at other times', 'schedule'),
    once(/^spec\.jobTemplate\b/, 'object-changed', 'its next run is another', 'what it runs'),
  ],
  'batch:Job': [
    images,
    {
      field: /^(?:spec|metadata)\b/,
      isOfWholes: true,
      tell: ({ name, operation }) =>
        operation === 'delete'
          ? []
          : [
              name.startsWith('migrate-')
                ? { kind: 'migration-changed', consequence: 'a schema is migrated once more' }
                : { kind: 'object-changed', consequence: 'it runs once more' },
            ],
    },
  ],
  'cert-manager.io:Certificate': certificate,
  'cert-manager.io:ClusterIssuer': [ISSUER],
  'cert-manager.io:Issuer': [ISSUER],
  'core:ConfigMap': [configurationTexts(/^(?:data|binaryData)\b/)],
  'core:LimitRange': [each(/^spec\b/, 'limits-changed', LIMITS)],
  'core:Namespace': [],
  'core:PersistentVolume': [],
  'core:PersistentVolumeClaim': [
    each(/^spec\.resources\b/, 'store-changed', 'its volume grows, where its class can'),
  ],
  'core:ResourceQuota': [each(/^spec\b/, 'limits-changed', LIMITS)],
  'core:Secret': [secretValues],
  'core:Service': [
    serviceExposure,
    each(/^spec\.ports\b/, 'network-opened', 'connections arrive at other ports'),
    each(/^spec\.selector\b/, 'unknown-change', 'requests go to other pods'),
  ],
  'core:ServiceAccount': [
    each(/^automountServiceAccountToken$/, 'rights-added', 'its pods may ask the cluster itself'),
    once(/^(?:imagePullSecrets|secrets)\b/, 'object-changed', 'images come by other keys'),
  ],
  'elasticsearch.k8s.elastic.co:Elasticsearch': [
    elasticsearchUsers,
    each(
      /^spec\.(?:http|transport)\.tls\b/,
      'trust-changed',
      'clients are shown another certificate',
    ),
    replicas(/^spec\.nodeSets\[\d+\]\.count$/),
    spread(/^spec\.nodeSets\[\d+\]\.podTemplate\.spec\.(?:affinity|topologySpreadConstraints)\b/),
    keepsVolumes(/^spec\.volumeClaimDeletePolicy$/, (value) => value === 'DeleteOnScaledownOnly'),
    each(/^spec\.(?:http|transport)\.service\b/, 'network-opened', 'it is reached another way'),
    each(/^spec\.podDisruptionBudget\b/, 'capacity-down', 'a drain may take more at once'),
  ],
  'external-secrets.io:ClusterSecretStore': [ISSUER],
  'external-secrets.io:ExternalSecret': [
    each(/^spec\b/, 'secret-changed', 'whoever reads it gets another value'),
  ],
  'external-secrets.io:SecretStore': [ISSUER],
  'gateway.envoyproxy.io:BackendTrafficPolicy': [
    each(
      /^spec\.(?:retry|timeout|connection|circuitBreaker|loadBalancer|healthCheck|rateLimit)\b/,
      'limits-changed',
      'requests are given up, refused or sent again otherwise',
    ),
  ],
  'gateway.envoyproxy.io:ClientTrafficPolicy': [
    each(/^spec\.(?:tls|headers|clientIPDetection)\b/, 'trust-changed', 'the edge believes others'),
    each(/^spec\.(?:connection|http[123]?|timeout|tcpKeepalive)\b/, 'limits-changed', LIMITS),
  ],
  'gateway.envoyproxy.io:EnvoyProxy': [
    replicas(/^spec\.provider\.kubernetes\.envoyDeployment\.replicas$/, 'replicas'),
    spread(
      /^spec\.provider\.kubernetes\.(?:envoyDeployment\.pod\.(?:affinity|topologySpreadConstraints)|envoyPDB)\b/,
    ),
    resources(/^spec\.provider\.kubernetes\.envoyDeployment\.container\.resources\b/),
    each(
      /^spec\.provider\.kubernetes\.envoyService\b/,
      'newly-reachable',
      'the edge is reached another way',
    ),
    each(/^spec\.backendTLS\b/, 'trust-changed', 'the edge shows services another certificate'),
    once(/^spec\.logging\b/, 'object-changed', 'the proxies write other lines'),
    each(/^spec\.shutdown\b/, 'limits-changed', 'requests are ended sooner or later at a stop'),
    images,
  ],
  'gateway.networking.k8s.io:BackendTLSPolicy': [
    believed(/^spec\b/, 'the edge believes another service'),
  ],
  'gateway.networking.k8s.io:Gateway': [
    gatewayListeners,
    once(/^spec\.infrastructure\b/, 'unknown-change', 'other proxies carry the requests'),
  ],
  'gateway.networking.k8s.io:GatewayClass': [],
  'gateway.networking.k8s.io:HTTPRoute': [httpRoute],
  'helm.sh:Release': chart,
  'index:ClusterCheck': [
    once(
      /^(?:definitions|kubernetes|operators|file)\b/,
      'object-changed',
      'a deployment asks the cluster for other versions',
    ),
    each(/^zones\b/, 'unknown-change', 'other zones carry the platform'),
  ],
  'kafka.strimzi.io:Kafka': [
    kafkaListeners,
    believed(/^spec\.(?:clusterCa|clientsCa)\b/, 'brokers believe another authority'),
    retention(/^spec\.kafka\.config\["log\.retention\.(?:ms|minutes|hours|bytes)"\]$/),
    each(
      /^spec\.kafka\.config\["(?:default\.replication\.factor|min\.insync\.replicas|unclean\.|offsets\.|transaction\.|delete\.topic|share\.)/,
      'store-changed',
      'records have other copies',
    ),
    spread(/^spec\.kafka\.(?:rack|template\.podDisruptionBudget)\b/),
    images,
  ],
  'kafka.strimzi.io:KafkaNodePool': [
    replicas(/^spec\.replicas$/, 'nodes'),
    keepsVolumes(/^spec\.storage\b.*\.deleteClaim$/, (value) => value !== true),
    each(
      /^spec\.storage\b(?!.*\.deleteClaim$)/,
      'store-changed',
      'copies are kept on other volumes',
    ),
    spread(/^spec\.template\.pod\.(?:affinity|topologySpreadConstraints)\b/),
    resources(/^spec\.(?:resources|jvmOptions)\b/),
  ],
  'kafka.strimzi.io:KafkaTopic': [
    retention(/^spec\.config\["(?:retention\.(?:ms|bytes)|delete\.retention\.ms)"\]$/),
    {
      field: /^spec\.config\["cleanup\.policy"\]$/,
      tell: (_change, [line]) => [
        {
          kind: String(line?.after).includes('delete') ? 'retention-cut' : 'topic-changed',
          property: 'cleanup.policy',
          before: short(line?.before ?? 'delete'),
          after: short(line?.after ?? 'delete'),
          consequence: 'records go by another rule',
        },
      ],
    },
    each(
      /^spec\b(?!\.config\["(?:retention\.|delete\.retention|cleanup))/,
      'topic-changed',
      'its order or its copies are others',
    ),
  ],
  'kafka.strimzi.io:KafkaUser': [
    kafkaAcls,
    each(/^spec\.authentication\b/, 'trust-changed', 'it proves who it is another way'),
    each(/^spec\.quotas\b/, 'limits-changed', LIMITS),
  ],
  'keda.sh:ScaledObject': [
    replicas(/^spec\.minReplicaCount$/, 'min replicas'),
    replicas(/^spec\.maxReplicaCount$/, 'max replicas'),
    once(
      /^spec\.(?:triggers|advanced|pollingInterval|cooldownPeriod|fallback)\b/,
      'limits-changed',
      'it grows and shrinks at another load',
      'triggers',
    ),
  ],
  'keda.sh:TriggerAuthentication': [
    each(/^spec\b/, 'trust-changed', 'it proves who it is another way'),
  ],
  'monitoring.coreos.com:PrometheusRule': [configurationTexts(/^spec\b/)],
  'networking.k8s.io:Ingress': [ingress],
  'networking.k8s.io:NetworkPolicy': [networkPolicy],
  'policy:PodDisruptionBudget': [budget],
  'postgresql.cnpg.io:Cluster': [
    postgresBackups,
    backupRetention(/^spec\.backup\.retentionPolicy$/),
    postgresRoles,
    postgresAccess,
    each(
      /^spec\.(?:certificates|postgresql\.(?:pg_ident|ldap))\b/,
      'trust-changed',
      'another authority says which client is who',
    ),
    replicas(/^spec\.instances$/, 'instances'),
    each(
      /^spec\.(?:storage|walStorage|tablespaces)\b/,
      'store-changed',
      'volumes grow, or data are kept elsewhere',
    ),
    each(
      /^spec\.(?:postgresql\.synchronous|minSyncReplicas|maxSyncReplicas)\b/,
      'store-changed',
      'a commit is on more or fewer instances',
    ),
    spread(/^spec\.(?:topologySpreadConstraints|affinity|enablePDB)\b/),
    resources(/^spec\.resources\b/),
    images,
  ],
  'postgresql.cnpg.io:Database': [
    each(/^spec\.owner$/, 'rights-added', 'another role owns every table'),
    {
      field: /^spec\.(?:databaseReclaimPolicy|ensure)$/,
      tell: ({ after }, lines) => {
        const { databaseReclaimPolicy, ensure } = fieldsOf(valueAt(after, 'spec'));
        const [line] = lines;
        return [
          {
            kind:
              ensure === 'absent'
                ? 'data-deleted'
                : databaseReclaimPolicy === 'delete'
                  ? 'data-unprotected'
                  : 'object-changed',
            property: line?.property ?? 'spec',
            before: short(line?.before ?? 'none'),
            after: short(line?.after ?? 'none'),
            consequence: 'whether the database goes with its object is another',
          },
        ];
      },
    },
  ],
  'postgresql.cnpg.io:ScheduledBackup': [
    backupObject,
    {
      field: /^spec\.(?:suspend|schedule)$/,
      tell: (_change, lines) =>
        lines.map(({ property, before, after }) => ({
          kind: after === true ? 'backup-cut' : 'unknown-change',
          property,
          before: short(before),
          after: short(after),
          consequence: after === true ? BACKUP_CONSEQUENCE : 'backups are made at other times',
        })),
    },
    each(
      /^spec\.(?:method|target|pluginConfiguration|online)\b/,
      'backup-cut',
      'backups are made another way',
    ),
  ],
  'rbac.authorization.k8s.io:ClusterRole': [roleRules],
  'rbac.authorization.k8s.io:ClusterRoleBinding': [bindingSubjects],
  'rbac.authorization.k8s.io:Role': [roleRules],
  'rbac.authorization.k8s.io:RoleBinding': [bindingSubjects],
  'scheduling.k8s.io:PriorityClass': [
    each(
      /^(?:value|preemptionPolicy|globalDefault)$/,
      'limits-changed',
      'other pods give way first',
    ),
    once(/^description$/, 'words-changed', 'people read something else'),
  ],
  'snapshot.storage.k8s.io:VolumeSnapshotClass': [
    backupObject,
    each(
      /^(?:deletionPolicy|driver|parameters)\b/,
      'backup-cut',
      'snapshots go with their objects, or elsewhere',
    ),
  ],
  'storage.k8s.io:StorageClass': [
    each(
      /^(?:reclaimPolicy|provisioner|parameters|volumeBindingMode|allowVolumeExpansion)\b/,
      'store-changed',
      'volumes are made or kept another way',
    ),
  ],
  'trust.cert-manager.io:Bundle': [
    believed(/^spec\b/, 'whoever reads it believes other authorities'),
  ],
};
