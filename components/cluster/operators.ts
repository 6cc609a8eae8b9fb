import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { ForeignChart } from '../kubernetes/manifest.ts';
import { READ_ONLY_CONTAINER, RESTRICTED_POD } from '../kubernetes/restricted.ts';
import {
  approvedSigners,
  CERT_MANAGER_NAMESPACE,
  clusterIssuerSigner,
  SPIFFE_DRIVER_NAMESPACE,
  servicesIssuer,
  trustBundle,
} from '../certificates/issuers.ts';
import { OPERATOR_NAMESPACES } from './operator-namespaces.ts';
import { priorityClass } from './priority-classes.ts';
import type { PodSecurityLevel } from './pod-security.ts';

/** The operators that the platform stands on. */
export type OperatorName =
  | 'argo-rollouts'
  | 'cert-manager'
  | 'cloudnative-pg'
  | 'csi-driver-spiffe'
  | 'eck-operator'
  | 'envoy-gateway'
  | 'keda'
  | 'strimzi'
  | 'trust-manager';

/** An operator: a pinned chart, and the namespace that it is alone in unless another shares it. */
export interface Operator {
  readonly chart: ForeignChart;
  readonly podSecurity: PodSecurityLevel;
}

/** Lifetime of a service's certificate; the driver's approver refuses every other. */
const IDENTITY_DURATION = '1h';

const JETSTACK = 'https://charts.jetstack.io';

/** One that works and one in another zone that takes over. */
const REPLICAS = 2;

/** What an operator asks for and may use; each is a small program that watches. */
const RESOURCES = {
  requests: { cpu: '50m', memory: '128Mi' },
  limits: { memory: '512Mi' },
} as const;

/**
 * Every operator, by name. A chart's version is its program's version for all but two: those of Argo
 * Rollouts (program v1.8.3) and CloudNativePG (program 1.27.0) count by themselves, and which belongs
 * to which stands in the `appVersion` of their Chart.yaml.
 */
export function operators(context: KubernetesContext): Readonly<Record<OperatorName, Operator>> {
  return {
    'cert-manager': certManager(context),
    'trust-manager': trustManager(context),
    'csi-driver-spiffe': spiffeDriver(context),
    strimzi: strimzi(context),
    'cloudnative-pg': cloudNativePg(context),
    'eck-operator': eck(context),
    keda: keda(context),
    'argo-rollouts': argoRollouts(context),
    'envoy-gateway': envoyGateway(context),
  };
}

/** Approves what the platform asks for itself; the identities of pods are the driver's to approve. */
function certManager(context: KubernetesContext): Operator {
  const component = {
    replicaCount: REPLICAS,
    podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
    resources: RESOURCES,
  };
  return {
    podSecurity: 'restricted',
    chart: {
      name: 'cert-manager',
      namespace: CERT_MANAGER_NAMESPACE,
      chart: 'cert-manager',
      repository: JETSTACK,
      version: 'v1.18.2',
      values: {
        crds: { enabled: true, keep: true },
        global: {
          priorityClassName: priorityClass(context.graph, 'engine'),
          // By default in kube-system, which a cluster's owner may not let it write to.
          leaderElection: { namespace: CERT_MANAGER_NAMESPACE },
        },
        approveSignerNames: approvedSigners(context),
        // A Secret is of its Certificate: without one it would stay for ever.
        enableCertificateOwnerRef: true,
        ...component,
        webhook: component,
        cainjector: component,
      },
    },
  };
}

/** Copies root certificates to where they are read, and never a key. */
function trustManager({ graph }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    chart: {
      name: 'trust-manager',
      namespace: CERT_MANAGER_NAMESPACE,
      chart: 'trust-manager',
      repository: JETSTACK,
      version: 'v0.18.0',
      values: {
        crds: { enabled: true, keep: true },
        replicaCount: REPLICAS,
        podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
        priorityClassName: priorityClass(graph, 'engine'),
        resources: RESOURCES,
        // Nobody here trusts the authorities of the public web.
        defaultPackage: { enabled: false },
        app: { trust: { namespace: CERT_MANAGER_NAMESPACE } },
      },
    },
  };
}

/**
 * Gives a pod the certificate of its ServiceAccount. Privileged, since it mounts folders into the
 * pods of its node; so it is in a namespace of its own.
 */
function spiffeDriver({ graph }: KubernetesContext): Operator {
  const bundle = trustBundle(graph);
  const folder = '/var/run/secrets/trust';
  return {
    podSecurity: 'privileged',
    chart: {
      name: 'csi-driver-spiffe',
      namespace: SPIFFE_DRIVER_NAMESPACE,
      chart: 'cert-manager-csi-driver-spiffe',
      repository: JETSTACK,
      version: 'v0.15.0',
      values: {
        // On every node that has pods of ours, and there before them.
        priorityClassName: 'system-node-critical',
        app: {
          trustDomain: graph.trustDomain,
          certificateRequestDuration: IDENTITY_DURATION,
          issuer: {
            name: servicesIssuer(graph),
            kind: 'ClusterIssuer',
            group: 'cert-manager.io',
          },
          driver: {
            // Requests are the driver's own, so no service may make any.
            useOwnServiceAccount: true,
            sourceCABundle: `${folder}/${bundle.key}`,
            volumes: [{ name: 'trust', configMap: { name: bundle.name } }],
            volumeMounts: [{ name: 'trust', mountPath: folder, readOnly: true }],
            resources: RESOURCES,
          },
          approver: {
            replicaCount: REPLICAS,
            // Nothing but this issuer, and cert-manager's own approver has every other.
            signerName: clusterIssuerSigner(servicesIssuer(graph)),
            resources: RESOURCES,
          },
        },
      },
    },
  };
}

function strimzi({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    chart: {
      name: 'strimzi',
      namespace: OPERATOR_NAMESPACES.strimzi,
      chart: 'oci://quay.io/strimzi-helm/strimzi-kafka-operator',
      version: '1.0.1',
      values: {
        watchNamespaces: [settings.namespaces.data],
        replicas: REPLICAS,
        podDisruptionBudget: { enabled: true, minAvailable: 1 },
        priorityClassName: priorityClass(graph, 'engine'),
        kubernetesServiceDnsDomain: settings.clusterDomain,
        podSecurityContext: RESTRICTED_POD,
        securityContext: READ_ONLY_CONTAINER,
      },
    },
  };
}

function cloudNativePg({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    chart: {
      name: 'cloudnative-pg',
      namespace: OPERATOR_NAMESPACES.cloudNativePg,
      chart: 'cloudnative-pg',
      repository: 'https://cloudnative-pg.github.io/charts',
      version: '0.26.0',
      values: {
        replicaCount: REPLICAS,
        priorityClassName: priorityClass(graph, 'engine'),
        resources: RESOURCES,
        // Its roles are the cluster's, since it is not in the namespace that it watches.
        config: { clusterWide: true, data: { WATCH_NAMESPACE: settings.namespaces.data } },
      },
    },
  };
}

function eck({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    chart: {
      name: 'eck-operator',
      namespace: OPERATOR_NAMESPACES.eck,
      chart: 'eck-operator',
      repository: 'https://helm.elastic.co',
      version: '2.16.1',
      values: {
        managedNamespaces: [settings.namespaces.data],
        replicaCount: REPLICAS,
        podDisruptionBudget: { enabled: true, minAvailable: 1 },
        priorityClassName: priorityClass(graph, 'engine'),
        podSecurityContext: RESTRICTED_POD,
        telemetry: { disabled: true },
      },
    },
  };
}

function keda({ graph, settings }: KubernetesContext): Operator {
  const budget = { maxUnavailable: 1 };
  const component = { replicaCount: REPLICAS };
  return {
    podSecurity: 'restricted',
    chart: {
      name: 'keda',
      namespace: 'keda',
      chart: 'keda',
      repository: 'https://kedacore.github.io/charts',
      version: '2.17.0',
      values: {
        watchNamespace: graph.namespace,
        clusterDomain: settings.clusterDomain,
        operator: component,
        metricsServer: component,
        webhooks: component,
        podDisruptionBudget: { operator: budget, metricServer: budget, webhooks: budget },
        priorityClassName: priorityClass(graph, 'engine'),
      },
    },
  };
}

/** Watches the whole cluster: its controller knows one namespace, its own, or all. */
function argoRollouts({ graph }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    chart: {
      name: 'argo-rollouts',
      namespace: 'argo-rollouts',
      chart: 'argo-rollouts',
      repository: 'https://argoproj.github.io/argo-helm',
      version: '2.40.5',
      values: {
        installCRDs: true,
        keepCRDs: true,
        controller: {
          replicas: REPLICAS,
          pdb: { enabled: true, minAvailable: 1 },
          priorityClassName: priorityClass(graph, 'engine'),
          resources: RESOURCES,
        },
        // Blue-green moves Services; rights over meshes and ingresses would be rights for nothing.
        providerRBAC: { enabled: false },
      },
    },
  };
}

/** With the CRDs of Gateway API 1.3 in their experimental channel, which it is built for. */
function envoyGateway({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    chart: {
      name: 'envoy-gateway',
      namespace: settings.namespaces.edge,
      chart: 'oci://docker.io/envoyproxy/gateway-helm',
      version: 'v1.5.0',
      values: {
        kubernetesClusterDomain: settings.clusterDomain,
        deployment: {
          replicas: REPLICAS,
          priorityClassName: priorityClass(graph, 'engine'),
        },
        podDisruptionBudget: { minAvailable: 1 },
        config: {
          envoyGateway: {
            provider: {
              type: 'Kubernetes',
              kubernetes: {
                watch: {
                  type: 'Namespaces',
                  namespaces: [settings.namespaces.edge, graph.namespace],
                },
              },
            },
          },
        },
      },
    },
  };
}
