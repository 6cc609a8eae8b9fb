import type { EngineStep } from './engine.ts';
import { goProgramSteps, type GoProgram } from './go-program.ts';
import { installCustomResources } from './custom-resources.ts';
import { installHelm } from './helm.ts';
import { installOperatorCharts } from './operator-charts.ts';
import { engineVersions } from './versions.ts';

const { etcd, kubernetes, kwok, keda, eck } = engineVersions;
const rollouts = engineVersions['argo-rollouts'];
const certManager = engineVersions['cert-manager'];
const cloudNativePg = engineVersions['cloudnative-pg'];
const envoyGateway = engineVersions['envoy-gateway'];
const trustManager = engineVersions['trust-manager'];
const pulumiKubernetes = engineVersions['pulumi-kubernetes'];
const analyzer = engineVersions['netpol-analyzer'];

/** The programs of a cluster for tests, those that share most with others one after the other. */
const programs = {
  etcd: { name: 'etcd', ...etcd, packages: { etcd: etcd.module }, minutes: 1 },
  Kubernetes: {
    name: 'kubernetes',
    ...kubernetes,
    packages: Object.fromEntries(
      ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'].map((name) => [
        name,
        `${kubernetes.module}/cmd/${name}`,
      ]),
    ),
    variables: { 'k8s.io/component-base/version.gitVersion': `v${kubernetes.version}` },
    minutes: 8,
  },
  KWOK: {
    name: 'kwok',
    ...kwok,
    packages: { kwok: `${kwok.module}/cmd/kwok` },
    variables: { [`${kwok.module}/pkg/consts.Version`]: `v${kwok.version}` },
    minutes: 2,
  },
  'Argo Rollouts': {
    name: 'argo-rollouts',
    ...rollouts,
    packages: { 'rollouts-controller': `${rollouts.module}/cmd/rollouts-controller` },
    minutes: 4,
  },
  // The main of the project's own is in a module that is not published.
  'cert-manager': {
    name: 'cert-manager',
    ...certManager,
    packages: { 'cert-manager': '.' },
    minutes: 2,
  },
  ECK: {
    name: 'eck',
    ...eck,
    packages: { 'elastic-operator': `${eck.module}/cmd` },
    variables: {
      [`${eck.module}/pkg/about.version`]: eck.version,
      [`${eck.module}/pkg/about.buildSnapshot`]: 'false',
    },
    minutes: 3,
  },
  CloudNativePG: {
    name: 'cloudnative-pg',
    ...cloudNativePg,
    packages: { manager: `${cloudNativePg.module}/cmd/manager` },
    variables: { [`${cloudNativePg.module}/pkg/versions.buildVersion`]: cloudNativePg.version },
    minutes: 3,
  },
  'Envoy Gateway': {
    name: 'envoy-gateway',
    ...envoyGateway,
    packages: { 'envoy-gateway': `${envoyGateway.module}/cmd/envoy-gateway` },
    minutes: 5,
  },
  'trust-manager': {
    name: 'trust-manager',
    ...trustManager,
    packages: { 'trust-manager': `${trustManager.module}/cmd/trust-manager` },
    minutes: 3,
  },
  "Pulumi's provider for Kubernetes": {
    name: 'pulumi-kubernetes',
    ...pulumiKubernetes,
    packages: { 'pulumi-resource-kubernetes': '.' },
    variables: { 'main.version': pulumiKubernetes.version },
    embedded: ['schema.json', 'terraform-mapping.json'].map(
      (file) => `cmd/pulumi-resource-kubernetes/${file}`,
    ),
    minutes: 10,
  },
  KEDA: {
    name: 'keda',
    ...keda,
    packages: {
      'keda-operator': `${keda.module}/cmd/operator`,
      'keda-adapter': `${keda.module}/cmd/adapter`,
    },
    minutes: 8,
  },
  "KEDA's webhooks": {
    name: 'keda-webhooks',
    recipe: 'keda',
    ...keda,
    packages: { 'keda-webhooks': `${keda.module}/cmd/webhooks` },
    minutes: 1,
  },
  'netpol-analyzer': {
    name: 'netpol-analyzer',
    ...analyzer,
    packages: { netpolicy: `${analyzer.module}/cmd/netpolicy` },
    minutes: 1,
  },
} satisfies Readonly<Record<string, GoProgram>>;

/** What `npm run test:cluster` needs beside the engines of the local landing. */
export function clusterSteps(root: string, cache: string): readonly EngineStep[] {
  return [
    { title: 'Helm', install: (progress) => installHelm(root, cache, progress) },
    ...goProgramSteps(programs, root, cache),
    {
      title: 'Custom resources of the operators',
      install: (progress) => installCustomResources(cache, progress),
    },
    {
      title: 'Charts of operators',
      install: (progress) => installOperatorCharts(cache, progress),
    },
  ];
}
