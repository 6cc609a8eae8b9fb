import {
  STAND_IN_FILE,
  STAND_IN_FILE_VARIABLE,
  STAND_IN_HEALTH_PATH,
} from '@meridian/language/stand-in-configuration.ts';
import type { StandInConfigurationFile } from '@meridian/language/stand-in-configuration.ts';
import { edgeBundle } from '../../certificates/authorities.ts';
import { edgeTrustBundle } from '../../certificates/issuers.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import { edgeInside } from '../../edge/kubernetes/edge-inside.ts';
import { credentialsSteps } from '../../kubernetes/credentials-job.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { Labels } from '../../kubernetes/labels.ts';
import { selectorLabels } from '../../kubernetes/labels.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest, Step } from '../../kubernetes/manifest.ts';
import { dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import type { PolicyPeer } from '../../kubernetes/network-policy.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { NOBODYS_POD, READ_ONLY_CONTAINER } from '../../kubernetes/restricted.ts';
import { standInName } from '../../model/external.ts';
import { webhookPath } from '../../model/external-nodes.ts';
import type { ExternalNode } from '../../model/graph.ts';
import { canonicalJson } from '../../model/serialise.ts';
import {
  PROGRAM_FOLDER,
  SECRET_MODE,
  shortDigest,
  WORKING_FOLDER,
} from '../../service/chart/names.ts';
import { NODE_FLAGS } from '../../service/kit-process.ts';
import { serviceImage } from '../../service/kubernetes/lower-services.ts';
import { standInParameters } from '../external-binding.ts';
import { keysSecret } from './places.ts';

/** Plain HTTP: no money moves behind it, and a policy lets its users alone come in. */
export const STAND_IN_PORT = 8_080;

/** Where its pod keeps what must be there again after a restart. */
const DATA_FOLDER = 'data';
const KEYS_FOLDER = 'keys';
const TRUST_FOLDER = 'edge-trust';
const CONFIGURATION_FOLDER = 'config';

const CONFIGURATION_KEY = 'stand-in.json';

/** A small program with a journal. */
const RESOURCES = {
  requests: { cpu: '50m', memory: '128Mi' },
  limits: { cpu: '500m', memory: '256Mi' },
} as const;
const STORAGE = '1Gi';

/** Where its users reach it. */
export function standInUri(
  { settings }: KubernetesContext,
  { name }: Pick<ExternalNode, 'name'>,
): string {
  const host = `${standInName(name)}.${settings.namespaces.data}.svc.${settings.clusterDomain}`;
  return `http://${host}:${STAND_IN_PORT}`;
}

/** Its pods, for a policy of others. */
export function standInPeer(context: KubernetesContext, external: ExternalNode): PolicyPeer {
  return { namespace: context.settings.namespaces.data, pods: podLabels(context, external) };
}

/**
 * What stands in for a system outside the platform: its keys, made in the cluster; who may come in; and one
 * pod with a journal, outside of the namespace of the services, as the system itself would be.
 */
export function standInSteps(context: KubernetesContext, external: ExternalNode): readonly Step[] {
  const { graph, settings } = context;
  const namespace = settings.namespaces.data;
  const receives = webhookPath(graph, external) !== undefined;
  const trusts = receives && settings.edge.issuer === undefined;
  return [
    {
      manifests: [
        accessPolicy(context, external),
        configurationMap(context, external),
        ...(trusts ? [edgeBundle(context, namespace)] : []),
      ],
    },
    ...credentialsSteps(context, {
      engine: standInName(external.name),
      users: external.secrets.map((name) => ({ name, bindings: [] })),
      engineForm: {
        kind: 'keyed',
        namespace,
        secret: keysSecret(context, external),
        copies: [graph.namespace],
      },
    }),
    { manifests: [headlessService(context, external), statefulSet(context, external)] },
  ];
}

function podLabels({ graph }: KubernetesContext, { name }: ExternalNode): Labels {
  return selectorLabels(graph, standInName(name));
}

function metadata(context: KubernetesContext, external: ExternalNode) {
  return {
    name: standInName(external.name),
    namespace: context.settings.namespaces.data,
    labels: { ...podLabels(context, external), 'app.kubernetes.io/component': 'stand-in' },
    annotations: { 'meridian/summary': `Stands in for: ${external.summary}` },
  };
}

/** Its users come in, and its webhooks go out to the edge. */
function accessPolicy(context: KubernetesContext, external: ExternalNode): Manifest {
  const { graph, settings } = context;
  return networkPolicy({
    name: standInName(external.name),
    namespace: settings.namespaces.data,
    pods: podLabels(context, external),
    ingress: [
      {
        peers: external.users.map((user) => ({
          namespace: graph.namespace,
          pods: selectorLabels(graph, user),
        })),
        ports: [STAND_IN_PORT],
      },
    ],
    egress: [
      dnsRule(settings),
      ...(webhookPath(graph, external) === undefined ? [] : [edgeInside(context).egress]),
    ],
  });
}

function configurationMap(context: KubernetesContext, external: ExternalNode): Manifest {
  const text = configurationText(context, external);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata(context, external), name: configurationName(external, text) },
    immutable: true,
    data: { [CONFIGURATION_KEY]: text },
  } satisfies k8s.ConfigMap;
}

/** Named by its content, so that another content is other pods. */
function configurationName({ name }: ExternalNode, text: string): string {
  return `${standInName(name)}-${shortDigest(text)}`;
}

function configurationText(context: KubernetesContext, external: ExternalNode): string {
  const { graph, settings } = context;
  const path = webhookPath(graph, external);
  const { host, port } = edgeInside(context);
  const caFile = `${WORKING_FOLDER}/${TRUST_FOLDER}/${edgeTrustBundle(graph).key}`;
  const configuration: StandInConfigurationFile = {
    name: standInName(external.name),
    listen: { address: '0.0.0.0', port: STAND_IN_PORT },
    dataFolder: `${WORKING_FOLDER}/${DATA_FOLDER}`,
    secretFiles: Object.fromEntries(
      external.secrets.map((secret) => [secret, `${WORKING_FOLDER}/${KEYS_FOLDER}/${secret}`]),
    ),
    ...standInParameters(external),
    ...(path === undefined
      ? {}
      : {
          webhooks: {
            url: `https://${settings.edge.host}${path}`,
            connectTo: { host, port },
            ...(settings.edge.issuer === undefined ? { caFile } : {}),
          },
        }),
    behaviour: {},
  };
  return canonicalJson(configuration);
}

/** Without an address of its own: there is one pod. */
function headlessService(context: KubernetesContext, external: ExternalNode): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(context, external),
    spec: {
      clusterIP: 'None',
      selector: { ...podLabels(context, external) },
      ports: [{ name: 'http', port: STAND_IN_PORT, targetPort: STAND_IN_PORT, protocol: 'TCP' }],
    },
  } satisfies k8s.Service;
}

/** Never two at once: they would write one journal. */
function statefulSet(context: KubernetesContext, external: ExternalNode): Manifest {
  const pods = podLabels(context, external);
  const meta = metadata(context, external);
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta,
    spec: {
      replicas: 1,
      serviceName: meta.name,
      selector: { matchLabels: { ...pods } },
      template: {
        metadata: { labels: meta.labels },
        spec: podSpec(context, external),
      },
      volumeClaimTemplates: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: DATA_FOLDER },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: STORAGE } },
          },
        },
      ],
    },
  } satisfies k8s.StatefulSet;
}

function podSpec(context: KubernetesContext, external: ExternalNode): k8s.PodSpec {
  const { graph, settings } = context;
  const { repository, digest } = serviceImage(context, imageOwner(external));
  const volumes = volumesOf(context, external);
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: priorityClass(graph, 'service'),
    securityContext: NOBODYS_POD,
    ...pullSecrets(settings),
    containers: [
      {
        name: standInName(external.name),
        image: `${repository}@${digest}`,
        imagePullPolicy: 'IfNotPresent',
        command: ['node', ...NODE_FLAGS, `${PROGRAM_FOLDER}/${external.standIn.entry}`],
        workingDir: WORKING_FOLDER,
        env: [
          { name: 'NODE_ENV', value: 'production' },
          { name: STAND_IN_FILE_VARIABLE, value: `${WORKING_FOLDER}/${STAND_IN_FILE}` },
        ],
        ports: [{ name: 'http', containerPort: STAND_IN_PORT, protocol: 'TCP' }],
        readinessProbe: {
          httpGet: { path: STAND_IN_HEALTH_PATH, port: STAND_IN_PORT },
          periodSeconds: 5,
        },
        resources: RESOURCES,
        securityContext: READ_ONLY_CONTAINER,
        volumeMounts: [
          ...volumes.map(({ name }) => ({
            name,
            mountPath: `${WORKING_FOLDER}/${name}`,
            readOnly: true,
          })),
          { name: DATA_FOLDER, mountPath: `${WORKING_FOLDER}/${DATA_FOLDER}` },
        ],
      },
    ],
    volumes,
  };
}

function volumesOf(context: KubernetesContext, external: ExternalNode) {
  const { graph, settings } = context;
  const trusts = webhookPath(graph, external) !== undefined && settings.edge.issuer === undefined;
  const configuration = configurationName(external, configurationText(context, external));
  return [
    { name: CONFIGURATION_FOLDER, configMap: { name: configuration } },
    ...(external.secrets.length === 0
      ? []
      : [
          {
            name: KEYS_FOLDER,
            secret: { secretName: keysSecret(context, external), defaultMode: SECRET_MODE },
          },
        ]),
    ...(trusts ? [{ name: TRUST_FOLDER, configMap: { name: edgeTrustBundle(graph).name } }] : []),
  ];
}

/** The service whose image has the program. */
function imageOwner({ standIn }: ExternalNode): string {
  return standIn.entry.split('/')[1] ?? '';
}
