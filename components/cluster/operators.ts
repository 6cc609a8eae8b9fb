import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { KubernetesContext, KubernetesLowering } from '../kubernetes/lowering.ts';
import {
  approvedSigners,
  ARGO_ROLLOUTS_NAMESPACE,
  CERT_MANAGER_NAMESPACE,
  clusterIssuerSigner,
  SPIFFE_DRIVER_NAMESPACE,
  servicesIssuer,
  telemetryTrustBundle,
  trustBundle,
} from '../certificates/issuers.ts';
import { pullSecrets } from '../kubernetes/pull-secrets.ts';
import { OPERATOR_REPLICAS, OPERATOR_RESOURCES } from './operator.ts';
import type { Operator } from './operator.ts';
import { NODE_CRITICAL, priorityClass } from './priority-classes.ts';

/** Lifetime of a service's certificate; the driver's approver refuses every other. */
export const IDENTITY_LIFETIME_SECONDS = 3_600;
const IDENTITY_DURATION = `${IDENTITY_LIFETIME_SECONDS / 3_600}h`;

/** Where pods of operators find root certificates. */
const TRUST_FOLDER = '/var/run/secrets/trust';

/** Of Services of webhooks, and of the pods behind them unless their charts choose another one. */
const HTTPS_PORT = 443;
const WEBHOOK_PORT = 9_443;

/** Where Envoy Gateway tells its proxies what to do. */
const XDS_PORT = 18_000;

/** Name of what checks KEDA's objects, in its chart. */
const KEDA_WEBHOOKS = 'keda-admission-webhooks';

const DAY_SECONDS = 86_400;

const JETSTACK = 'https://charts.jetstack.io';

/**
 * Every operator, in the order in which they are listed; those of engines are in the engines' folders. The charts of
 * Argo Rollouts and CloudNativePG are numbered by themselves; `appVersion` of a Chart.yaml says what is in it.
 */
export function operators(context: KubernetesLowering): readonly Operator[] {
  return [
    certManager(context),
    trustManager(context),
    spiffeDriver(context),
    ...operatorsOfEngines(context),
    keda(context),
    argoRollouts(context),
    envoyGateway(context),
  ];
}

function operatorsOfEngines(context: KubernetesLowering): readonly Operator[] {
  return context.engines.flatMap(({ operators: ofEngine }) => ofEngine?.(context) ?? []);
}

/** What of these operators the program installs: nothing where whoever runs the cluster did. */
export function installedHere(
  { settings }: KubernetesContext,
  needed: readonly Operator[],
): readonly Operator[] {
  return settings.operators === 'program' ? needed : [];
}

/** Approves what the platform asks for itself; the identities of pods are the driver's to approve. */
export function certManager(context: KubernetesLowering): Operator {
  const component = {
    replicaCount: OPERATOR_REPLICAS,
    podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
    resources: OPERATOR_RESOURCES,
  };
  return {
    podSecurity: 'restricted',
    release: {
      version: '1.21.2',
      kubernetes: { oldest: '1.33', newest: '1.36' },
      source: 'https://cert-manager.io/docs/releases',
    },
    kinds: [
      { apiVersion: 'cert-manager.io/v1', kinds: ['Certificate', 'ClusterIssuer', 'Issuer'] },
    ],
    // Its webhook signs for itself, for a week at a time. Source: cert-manager 1.21.2,
    // pkg/server/tls/authority/authority.go and dynamic_source.go; deploy/charts/cert-manager/templates/webhook-service.yaml
    certificates: [
      {
        ...{ name: 'cert-manager-webhook', service: 'cert-manager-webhook' },
        ...{ namespace: CERT_MANAGER_NAMESPACE, port: HTTPS_PORT, podPort: 10_250 },
        pods: { 'app.kubernetes.io/name': 'webhook', 'app.kubernetes.io/component': 'webhook' },
        renewedBeforeSeconds: (7 * DAY_SECONDS) / 3,
      },
    ],
    // Of each Certificate, whoever asked for it. Source: cert-manager 1.21.2, internal/collectors/certificate_collector.go
    scrape: {
      pods: {
        'app.kubernetes.io/name': 'cert-manager',
        'app.kubernetes.io/component': 'controller',
      },
      port: { name: 'http-metrics', number: 9_402 },
      kept: [
        METRIC_REGISTRY.issuedCertificateExpiry.name,
        METRIC_REGISTRY.issuedCertificateRenewal.name,
      ],
    },
    chart: {
      name: 'cert-manager',
      namespace: CERT_MANAGER_NAMESPACE,
      chart: 'cert-manager',
      repository: JETSTACK,
      version: 'v1.21.2',
      values: {
        crds: { enabled: true, keep: true },
        global: {
          priorityClassName: priorityClass(context.graph, 'engine'),
          // By default in kube-system, which a cluster's owner may not let it write to.
          leaderElection: { namespace: CERT_MANAGER_NAMESPACE },
          ...pullSecrets(context.settings),
        },
        approveSignerNames: [
          ...approvedSigners(context),
          ...operatorsOfEngines(context).flatMap(({ signers = [] }) => signers),
        ],
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
function trustManager({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    release: {
      version: '0.25.0',
      source:
        'https://github.com/cert-manager/trust-manager/blob/v0.25.0/deploy/charts/trust-manager/Chart.yaml',
    },
    kinds: [{ apiVersion: 'trust.cert-manager.io/v1alpha1', kinds: ['Bundle'] }],
    chart: {
      name: 'trust-manager',
      namespace: CERT_MANAGER_NAMESPACE,
      chart: 'trust-manager',
      repository: JETSTACK,
      version: 'v0.25.0',
      values: {
        crds: { enabled: true, keep: true },
        replicaCount: OPERATOR_REPLICAS,
        podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
        priorityClassName: priorityClass(graph, 'engine'),
        resources: OPERATOR_RESOURCES,
        // Nobody here trusts the authorities of the public web.
        defaultPackage: { enabled: false },
        app: { trust: { namespace: CERT_MANAGER_NAMESPACE } },
        ...pullSecrets(settings),
      },
    },
  };
}

/**
 * Gives a pod the certificate of its ServiceAccount. Privileged, since it mounts folders into the
 * pods of its node; so it is in a namespace of its own.
 */
export function spiffeDriver({ graph, settings }: KubernetesContext): Operator {
  const bundle = trustBundle(graph);
  return {
    podSecurity: 'privileged',
    release: {
      version: '0.15.0',
      source:
        'https://github.com/cert-manager/csi-driver-spiffe/blob/v0.15.0/deploy/charts/csi-driver-spiffe/Chart.yaml',
    },
    chart: {
      name: 'csi-driver-spiffe',
      namespace: SPIFFE_DRIVER_NAMESPACE,
      chart: 'cert-manager-csi-driver-spiffe',
      repository: JETSTACK,
      version: 'v0.15.0',
      values: {
        // On every node that has pods of ours, and there before them.
        priorityClassName: NODE_CRITICAL,
        ...pullSecrets(settings),
        app: {
          trustDomain: graph.trustDomain,
          certificateRequestDuration: IDENTITY_DURATION,
          issuer: {
            name: servicesIssuer(graph),
            kind: 'ClusterIssuer',
            group: 'cert-manager.io',
          },
          driver: {
            // Each request is made in the name of its pod; else the approver would compare no more than the trust domain.
            useOwnServiceAccount: false,
            sourceCABundle: `${TRUST_FOLDER}/${bundle.key}`,
            volumes: [{ name: 'trust', configMap: { name: bundle.name } }],
            volumeMounts: [{ name: 'trust', mountPath: TRUST_FOLDER, readOnly: true }],
            resources: OPERATOR_RESOURCES,
          },
          approver: {
            replicaCount: OPERATOR_REPLICAS,
            // Nothing but this issuer, and cert-manager's own approver has every other.
            signerName: clusterIssuerSigner(servicesIssuer(graph)),
            resources: OPERATOR_RESOURCES,
          },
        },
      },
    },
  };
}

function keda({ graph, settings }: KubernetesContext): Operator {
  const budget = { maxUnavailable: 1 };
  const component = { replicaCount: OPERATOR_REPLICAS };
  return {
    podSecurity: 'restricted',
    release: {
      version: '2.21.0',
      kubernetes: { oldest: '1.34', newest: '1.36' },
      source: 'https://keda.sh/docs/2.21/operate/cluster',
    },
    kinds: [{ apiVersion: 'keda.sh/v1alpha1', kinds: ['ScaledObject', 'TriggerAuthentication'] }],
    // One for its webhook, its operator and its metrics server. Source: KEDA 2.21.0, pkg/certificates/certificate_manager.go;
    // cert-controller 0.16.0, pkg/rotator/rotator.go, lookaheadInterval
    certificates: [
      {
        ...{ name: 'keda', service: KEDA_WEBHOOKS, namespace: 'keda', port: HTTPS_PORT },
        ...{ pods: { app: KEDA_WEBHOOKS }, podPort: WEBHOOK_PORT },
        renewedBeforeSeconds: 90 * DAY_SECONDS,
      },
    ],
    chart: {
      name: 'keda',
      namespace: 'keda',
      chart: 'keda',
      repository: 'https://kedacore.github.io/charts',
      version: '2.21.0',
      values: {
        watchNamespace: graph.namespace,
        clusterDomain: settings.clusterDomain,
        operator: component,
        metricsServer: component,
        webhooks: component,
        podDisruptionBudget: { operator: budget, metricServer: budget, webhooks: budget },
        priorityClassName: priorityClass(graph, 'engine'),
        ...pullSecrets(settings),
      },
    },
  };
}

/** Watches the whole cluster: its controller knows one namespace, its own, or all. */
export function argoRollouts({ graph, settings }: KubernetesContext): Operator {
  const trust = telemetryTrustBundle(graph);
  return {
    podSecurity: 'restricted',
    release: {
      version: '1.10.1',
      source:
        'https://github.com/argoproj/argo-rollouts/blob/v1.10.1/.github/workflows/testing.yaml',
    },
    kinds: [{ apiVersion: 'argoproj.io/v1alpha1', kinds: ['AnalysisTemplate', 'Rollout'] }],
    chart: {
      name: 'argo-rollouts',
      namespace: ARGO_ROLLOUTS_NAMESPACE,
      chart: 'argo-rollouts',
      repository: 'https://argoproj.github.io/argo-helm',
      version: '2.43.5',
      values: {
        installCRDs: true,
        keepCRDs: true,
        controller: {
          // The chart brings 1.10.0: no chart of 1.10.1 was found.
          image: { tag: 'v1.10.1' },
          replicas: OPERATOR_REPLICAS,
          pdb: { enabled: true, minAvailable: 1 },
          // By which it knows Prometheus: an AnalysisTemplate has no word for it.
          extraEnv: [{ name: 'SSL_CERT_FILE', value: `${TRUST_FOLDER}/${trust.key}` }],
          volumes: [{ name: 'trust', configMap: { name: trust.name } }],
          volumeMounts: [{ name: 'trust', mountPath: TRUST_FOLDER, readOnly: true }],
          priorityClassName: priorityClass(graph, 'engine'),
          resources: OPERATOR_RESOURCES,
        },
        // Blue-green moves Services; rights over meshes and ingresses would be rights for nothing.
        providerRBAC: { enabled: false },
        ...pullSecrets(settings),
      },
    },
  };
}

/** With the CRDs of Gateway API 1.6 in their experimental channel, which it is built for. */
function envoyGateway({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    release: {
      version: '1.9.1',
      kubernetes: { oldest: '1.33', newest: '1.36' },
      source: 'https://gateway.envoyproxy.io/news/releases/matrix',
    },
    kinds: [
      {
        apiVersion: 'gateway.envoyproxy.io/v1alpha1',
        kinds: ['BackendTrafficPolicy', 'ClientTrafficPolicy', 'EnvoyProxy'],
      },
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kinds: ['BackendTLSPolicy', 'Gateway', 'GatewayClass', 'HTTPRoute'],
        // Of the Gateway API, whose definitions the chart brings.
        release: '1.6.1',
      },
    ],
    // A Job of its chart makes it with the first installation, for five years, and nobody renews it. Proxies know the
    // controller by it, and it them by another of the same Job. Source: Envoy Gateway 1.9.1, internal/crypto/certgen.go
    certificates: [
      {
        ...{ name: 'envoy-gateway', service: 'envoy-gateway', namespace: settings.namespaces.edge },
        ...{ port: XDS_PORT, podPort: XDS_PORT, pods: { 'control-plane': 'envoy-gateway' } },
        renewedBeforeSeconds: 120 * DAY_SECONDS,
      },
    ],
    chart: {
      name: 'envoy-gateway',
      namespace: settings.namespaces.edge,
      chart: 'oci://docker.io/envoyproxy/gateway-helm',
      version: 'v1.9.1',
      values: {
        kubernetesClusterDomain: settings.clusterDomain,
        deployment: {
          replicas: OPERATOR_REPLICAS,
          priorityClassName: priorityClass(graph, 'engine'),
        },
        podDisruptionBudget: { minAvailable: 1 },
        ...(settings.imagePullSecrets.length === 0 ? {} : { global: pullSecrets(settings) }),
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
