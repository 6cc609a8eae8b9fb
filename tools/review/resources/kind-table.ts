import { each, once, sides } from './aspect.ts';
import type { Aspect } from './aspect.ts';
import { budget, quota, replicas, resources, spread } from './capacity.ts';
import { chart } from './charts.ts';
import { missed } from './cloud-aspects.ts';
import { ENGINE_KINDS } from './engine-kinds.ts';
import { gatewayListeners, httpRoute } from './edge.ts';
import { keepsVolumes } from './kept.ts';
import { ingress, networkPolicy, serviceExposure } from './network.ts';
import { elasticsearchUsers } from './rights.ts';
import { allowLists, serviceSettings } from './service-files.ts';
import { configurationTexts } from './texts.ts';
import { believed, certificate } from './trust.ts';
import { images, pods } from './workloads.ts';
import type { ObjectOperation } from './object-change.ts';
import { isOfSafety } from './pod-safety.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';

const ISSUER = believed(/^spec\b/, 'who it signs for, or by which key, is another');
const ADMISSION = believed(/^spec\b/, 'what the cluster admits is judged otherwise');

const POD_SPREAD = spread(/^spec\.template\.spec\.(?:affinity|topologySpreadConstraints)\b/);
const POD_RESOURCES = resources(/^spec\.template\.spec\.(?:initC|c)ontainers\[\d+\]\.resources\b/);
const WORKLOAD: readonly Aspect[] = [
  replicas(/^spec\.replicas$/, 'replicas'),
  POD_SPREAD,
  POD_RESOURCES,
  ...pods,
  allowLists,
  serviceSettings,
  once(
    /^spec\.(?:strategy|updateStrategy)\b(?!.*\.previewReplicaCount$)/,
    'unknown-change',
    'releases come to users another way',
    'strategy',
  ),
];

/** What else of a Job that runs later is another; how safe its pods are is told by itself. */
function exceptSafety({ field, tell }: Aspect): Aspect {
  return {
    field,
    tell: (change, lines) =>
      tell(
        change,
        lines.filter(({ property }) => !isOfSafety(property)),
      ),
  };
}

/** Whether a migration is told to do something else, or only runs again in a pod that is another. */
function isAnotherMigration(operation: ObjectOperation, lines: readonly PropertyLine[]): boolean {
  return (
    operation === 'create' ||
    lines.some(({ property }) =>
      /\.(?:image|command|args|env|volumes)\b|\.(?:initC|c)ontainers\[\d+\]$/.test(property),
    )
  );
}

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
  ...ENGINE_KINDS,
  'admissionregistration.k8s.io:ValidatingAdmissionPolicy': [ADMISSION],
  'admissionregistration.k8s.io:ValidatingAdmissionPolicyBinding': [ADMISSION],
  'apps:DaemonSet': WORKLOAD,
  'apps:Deployment': WORKLOAD,
  'apps:StatefulSet': WORKLOAD,
  'argoproj.io:AnalysisTemplate': [
    {
      field: /^spec\b/,
      tell: (_change, lines) =>
        lines.map((line) => ({
          kind: 'unknown-change',
          among: 'analyses',
          property: `analysis, ${line.property.replace(/^spec\./, '')}`,
          ...sides(line),
          consequence: 'what stops a bad release is judged otherwise',
        })),
    },
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
  'batch:CronJob': [
    ...pods,
    once(/^spec\.schedule$/, 'object-changed', 'it runs at other times', 'schedule'),
    exceptSafety(
      once(/^spec\.jobTemplate\b/, 'object-changed', 'its next run is another', 'what it runs'),
    ),
  ],
  'batch:Job': [
    ...pods,
    {
      field: /^(?:spec|metadata)\b/,
      isOfWholes: true,
      tell: ({ name, operation }, lines) =>
        operation === 'delete'
          ? []
          : [
              name.startsWith('migrate-') && isAnotherMigration(operation, lines)
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
  'core:ResourceQuota': [quota],
  'core:Secret': [secretValues],
  'core:Service': [
    serviceExposure,
    each(/^spec\.ports\b/, 'network-opened', 'connections arrive at other ports'),
    each(
      /^spec\.(?:selector|externalName|publishNotReadyAddresses)\b/,
      'unknown-change',
      'requests go to other pods, or elsewhere',
    ),
  ],
  'core:ServiceAccount': [
    each(/^automountServiceAccountToken$/, 'rights-added', 'its pods may ask the cluster itself'),
    once(/^(?:imagePullSecrets|secrets)\b/, 'object-changed', 'images come by other keys'),
  ],
  'elasticsearch.k8s.elastic.co:Elasticsearch': [
    elasticsearchUsers,
    each(
      /^spec\.nodeSets\[\d+\]\.config\["xpack\.security\./,
      'trust-changed',
      'clients are let in by other rules',
    ),
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
  'elbv2.k8s.aws:TargetGroupBinding': [
    each(/^spec\b/, 'network-opened', 'the balancer leads to others'),
    missed('network-closed', 'the balancer leads to nobody, unless another one takes its place'),
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
};
