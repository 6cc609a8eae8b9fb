import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { INSTANCE_VARIABLE, ZONE_VARIABLE } from '@meridian/language/process-folder.ts';
import { probesEdgeBundle } from '../../certificates/authorities.ts';
import { probesEdgeTrustBundle } from '../../certificates/issuers.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import { edgeInside } from '../../edge/kubernetes/edge-inside.ts';
import { credentialsSteps } from '../../kubernetes/credentials-job.ts';
import type { KubernetesZone } from '../../kubernetes/kubernetes-settings.ts';
import type { Labels } from '../../kubernetes/labels.ts';
import { selectorLabels } from '../../kubernetes/labels.ts';
import type { KubernetesContext, KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { Manifest, Step } from '../../kubernetes/manifest.ts';
import { dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import { placedInZone } from '../../kubernetes/placed-in-zone.ts';
import { METRICS_PORT, METRICS_PORT_NAME, OPS_PORT } from '../../kubernetes/ports.ts';
import { NOBODYS_POD, READ_ONLY_CONTAINER } from '../../kubernetes/restricted.ts';
import { edgeService } from '../../model/call-order.ts';
import {
  configurationData,
  configurationName,
  kitEnvironment,
  PROGRAM_FOLDER,
  SECRET_MODE,
  WORKING_FOLDER,
} from '../../service/chart/names.ts';
import type { Configured } from '../../service/chart/names.ts';
import { mountedCalls, mountedIdentity, volumeMounts } from '../../service/chart/volumes.ts';
import type { Mounted } from '../../service/chart/volumes.ts';
import { NODE_FLAGS } from '../../service/kit-process.ts';
import { serviceImage } from '../../service/kubernetes/lower-services.ts';
import {
  identityConfiguration,
  scrapedMetrics,
  serviceFile,
} from '../../service/service-configuration.ts';
import { PROBE, PROBE_ENTRY, probeBinding, probeName, probePhase } from '../probes.ts';
import { METRICS_IDENTITY_FOLDER, telemetryName } from '../telemetry-names.ts';
import { metricsSecret, SHORT_LIFETIME, telemetryCertificate } from './certificates.ts';
import { partPeer } from './parts.ts';
import { resources } from './placement.ts';

/** Where its pods find the password of their account, and whom users trust. */
const ACCOUNT_FOLDER = 'account';
const TRUST_FOLDER = 'edge-trust';

/** The Secret with the passwords of all zones' accounts, which a Job makes in the cluster. */
const ACCOUNTS_SECRET = 'probe-accounts';

const EVERY_ADDRESS = '0.0.0.0';

/** Its pods, of all zones, for who scrapes them. */
export function probePods({ graph }: Pick<KubernetesContext, 'graph'>): Labels {
  return selectorLabels(graph, PROBE);
}

/**
 * A probe in each zone, pinned to it, among the services: its identity is that of its ServiceAccount, and it may reach
 * the edge alone. First what it is and may do and the passwords of its accounts, then the pods.
 */
export function probeSteps(context: KubernetesLowering): readonly Step[] {
  const { graph, settings } = context;
  const trusts = settings.edge.issuer === undefined;
  return [
    {
      manifests: [
        account(context),
        configurationMap(context),
        metricsCertificate(context),
        accessPolicy(context),
        ...(trusts ? [probesEdgeBundle(context)] : []),
      ],
    },
    ...credentialsSteps(context, {
      engine: PROBE,
      users: settings.zones.map(({ name }) => ({ name: probeName(name), bindings: [] })),
      engineForm: {
        ...{ kind: 'keyed', namespace: settings.namespaces.data, secret: ACCOUNTS_SECRET },
        copies: [graph.namespace],
      },
    }),
    { manifests: settings.zones.map((zone) => deployment(context, zone)) },
  ];
}

function account(context: KubernetesContext): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: PROBE, namespace: context.graph.namespace, labels: probePods(context) },
    automountServiceAccountToken: false,
  } satisfies IServiceAccount;
}

function configurationMap(context: KubernetesLowering): Manifest {
  const configured = configuration(context);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: configurationName(configured),
      namespace: context.graph.namespace,
      labels: probePods(context),
    },
    immutable: true,
    data: { ...configurationData(configured) },
  } satisfies IConfigMap;
}

/** The same for all zones: a pod learns its place from its environment. */
function configuration(context: KubernetesLowering): Configured {
  const { graph, settings, version } = context;
  const { host, port } = edgeInside(context);
  const edge = probeBinding({
    uri: `https://${settings.edge.host}`,
    'connect-to': `${host}:${port}`,
    'password-file': `${ACCOUNT_FOLDER}/password`,
    ...(settings.edge.issuer === undefined
      ? { 'ca-file': `${TRUST_FOLDER}/${probesEdgeTrustBundle(graph).key}` }
      : {}),
  });
  return {
    name: PROBE,
    configuration: serviceFile({
      ...identityConfiguration(graph, PROBE, { version, environment: settings.environment }),
      ops: { address: EVERY_ADDRESS, port: OPS_PORT },
      metrics: scrapedMetrics(graph, { address: EVERY_ADDRESS, port: METRICS_PORT }),
    }),
    bindings: { [edge.name]: edge.properties },
  };
}

function metricsCertificate({ graph }: KubernetesContext): Manifest {
  return telemetryCertificate(graph, {
    namespace: graph.namespace,
    secret: metricsSecret(PROBE),
    dnsNames: [telemetryName(PROBE)],
    usages: ['digital signature', 'server auth'],
    lifetime: SHORT_LIFETIME,
  });
}

/** The collector of its zone comes in, and out it goes to the edge. */
function accessPolicy(context: KubernetesContext): Manifest {
  const { graph, settings } = context;
  return networkPolicy({
    name: PROBE,
    namespace: graph.namespace,
    pods: probePods(context),
    ingress: [{ peers: [partPeer(settings, 'collector')], ports: [METRICS_PORT] }],
    egress: [dnsRule(settings), edgeInside(context).egress],
  });
}

function deployment(context: KubernetesLowering, zone: KubernetesZone): Manifest {
  const { graph } = context;
  const name = probeName(zone.name);
  const pods = { ...probePods(context), 'meridian/zone': zone.name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...{ name, namespace: graph.namespace, labels: pods },
      annotations: { 'meridian/summary': `Asks the edge from zone ${zone.name} as users do` },
    },
    spec: {
      replicas: 1,
      // Two at once would share an account and its session.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: pods },
      template: { metadata: { labels: pods }, spec: podSpec(context, zone) },
    },
  } satisfies IDeployment;
}

function podSpec(context: KubernetesLowering, zone: KubernetesZone): IPodSpec {
  const { graph, settings } = context;
  // The image of whom it asks has it too.
  const { repository, digest } = serviceImage(context, edgeService(graph).name);
  const mounted = mountedFiles(context, zone);
  return {
    serviceAccountName: PROBE,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: priorityClass(graph, 'telemetry'),
    securityContext: NOBODYS_POD,
    affinity: placedInZone(zone),
    containers: [
      {
        name: PROBE,
        image: `${repository}@${digest}`,
        imagePullPolicy: 'IfNotPresent',
        command: ['node', ...NODE_FLAGS, `${PROGRAM_FOLDER}/${PROBE_ENTRY}`],
        args: [String(probePhase(settings.zones, zone.name))],
        workingDir: WORKING_FOLDER,
        env: [
          ...kitEnvironment(),
          { name: INSTANCE_VARIABLE, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: ZONE_VARIABLE, value: zone.name },
        ],
        ports: [
          { name: METRICS_PORT_NAME, containerPort: METRICS_PORT, protocol: 'TCP' },
          { name: 'ops', containerPort: OPS_PORT, protocol: 'TCP' },
        ],
        readinessProbe: { httpGet: { path: '/readyz', port: 'ops' }, periodSeconds: 5 },
        livenessProbe: { httpGet: { path: '/healthz', port: 'ops' }, periodSeconds: 10 },
        resources: resources(20, 128),
        securityContext: READ_ONLY_CONTAINER,
        volumeMounts: volumeMounts(mounted) as IPodSpec['containers'][number]['volumeMounts'] &
          object,
      },
    ],
    // The two libraries name the same fields of the same API by types of their own.
    volumes: mounted.map(({ volume }) => volume) as IPodSpec['volumes'] & object,
  };
}

function mountedFiles(context: KubernetesLowering, zone: KubernetesZone): readonly Mounted[] {
  const { graph, settings } = context;
  const configured = configuration(context);
  const secret = (folder: string, secretName: string, items?: { key: string; path: string }[]) => ({
    folder,
    volume: {
      name: folder,
      secret: {
        ...{ secretName, defaultMode: SECRET_MODE },
        ...(items === undefined ? {} : { items }),
      },
    },
  });
  const bundle = { name: probesEdgeTrustBundle(graph).name };
  return [
    ...mountedIdentity(configured),
    ...mountedCalls(configured),
    secret(METRICS_IDENTITY_FOLDER, metricsSecret(PROBE)),
    secret(ACCOUNT_FOLDER, ACCOUNTS_SECRET, [{ key: probeName(zone.name), path: 'password' }]),
    ...(settings.edge.issuer === undefined
      ? [{ folder: TRUST_FOLDER, volume: { name: TRUST_FOLDER, configMap: bundle } }]
      : []),
  ];
}
