import { CLOUD_METRICS } from '@meridian/language/cloud-metrics.ts';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { awsApiRule, podRole } from '../../aws/pod-role.ts';
import type { PodRole } from '../../aws/pod-role.ts';
import { policyOf } from '../../aws/policy-document.ts';
import type { PolicyDocument } from '../../aws/policy-document.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import type { WatchedCloud } from '../../kubernetes/engine.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Step } from '../../kubernetes/manifest.ts';
import { dnsRule, networkPolicy } from '../../kubernetes/network-policy.ts';
import { imageDigest } from '../../kubernetes/other-images.ts';
import type { OtherImage } from '../../kubernetes/other-images.ts';
import { podIdentityRule } from '../../kubernetes/pod-identity-rule.ts';
import { METRICS_PORT_NAME } from '../../kubernetes/ports.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { shortDigest } from '../../service/chart/names.ts';
import { imageParts } from '../kubernetes/charts.ts';
import { partPeer } from '../kubernetes/parts.ts';
import { CONTAINER_SECURITY, POD_SECURITY, resources } from '../kubernetes/placement.ts';
import { exporterConfiguration } from './exporter-configuration.ts';
import { PERIOD_SECONDS } from './watched-metrics.ts';

/** The exporter: its Deployment, its ServiceAccount, and the job that it is scraped as. */
export const EXPORTER = 'cloudwatch-exporter';

/** Its own default. */
const PORT = 5_000;

const FOLDER = '/etc/cloudwatch-exporter';
const FILE = 'config.yml';

const CPU_MILLICORES = 50;
const MEMORY_MIB = 128;

/** yet-another-cloudwatch-exporter of the community of Prometheus (Apache 2). */
export const EXPORTER_IMAGE: OtherImage = {
  name: EXPORTER,
  reference: 'quay.io/prometheuscommunity/yet-another-cloudwatch-exporter:v0.67.0',
};

const PODS = { 'app.kubernetes.io/name': EXPORTER } as const;

/** How the collectors ask it, and what they keep: of its own requests one counter, and nothing of the rest. */
export function exporterScrape({
  settings,
}: Pick<KubernetesContext, 'settings'>): WatchedCloud['scrape'] {
  return {
    job: EXPORTER,
    namespace: settings.namespaces.observability,
    pods: PODS,
    port: { name: METRICS_PORT_NAME, number: PORT },
    kept: Object.values(CLOUD_METRICS).map(({ name }) => name),
  };
}

/** The role of its pods. */
export function exporterRole(settings: AwsSettings): PodRole {
  return podRole(settings, settings.namespaces.observability, EXPORTER);
}

/**
 * What it may do: list metrics and ask for their values, and nothing else. Neither has a resource (Service Authorization
 * Reference, Amazon CloudWatch). Whose account it is it learns of STS, for which nobody needs a right.
 */
export function exporterPolicy(): PolicyDocument {
  return policyOf({
    Effect: 'Allow',
    Action: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'],
    Resource: '*',
  });
}

/** First what it is, may reach and is told, then its pod. */
export function exporterSteps(context: KubernetesContext, settings: AwsSettings): readonly Step[] {
  const namespace = context.settings.namespaces.observability;
  const configuration = canonicalJson(exporterConfiguration(settings.aws.region));
  const configured = `${EXPORTER}-${shortDigest(configuration)}`;
  return [
    {
      manifests: [
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name: EXPORTER, namespace },
          automountServiceAccountToken: false,
        } satisfies k8s.ServiceAccount,
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: configured, namespace },
          immutable: true,
          data: { [FILE]: configuration },
        } satisfies k8s.ConfigMap,
        networkPolicy({
          ...{ name: EXPORTER, namespace, pods: PODS },
          // It knows no TLS; nobody else is let in.
          ingress: [{ peers: [partPeer(context.settings, 'collector')], ports: [PORT] }],
          egress: [dnsRule(context.settings), podIdentityRule(), awsApiRule()],
        }),
      ],
    },
    { manifests: [deployment(context, settings, configured)] },
  ];
}

/** Never two at once: CloudWatch is paid for by what is asked. */
function deployment(
  context: KubernetesContext,
  { aws: { region } }: AwsSettings,
  configured: string,
): k8s.Deployment {
  const { graph, settings } = context;
  const { path } = imageParts(EXPORTER_IMAGE);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...{ name: EXPORTER, namespace: settings.namespaces.observability, labels: PODS },
      annotations: { 'meridian/summary': 'Asks CloudWatch for what AWS says of its engines' },
    },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: PODS },
      template: {
        metadata: { labels: PODS },
        spec: {
          serviceAccountName: EXPORTER,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          priorityClassName: priorityClass(graph, 'telemetry'),
          securityContext: POD_SECURITY,
          ...pullSecrets(settings),
          containers: [
            {
              name: EXPORTER,
              image: `${path}@${imageDigest(context, EXPORTER_IMAGE)}`,
              imagePullPolicy: 'IfNotPresent',
              args: [...ARGUMENTS],
              env: environment(region),
              ports: [{ name: METRICS_PORT_NAME, containerPort: PORT, protocol: 'TCP' }],
              // It answers as soon as it runs, whatever AWS says: what it was not told, alerts miss.
              readinessProbe: { httpGet: { path: '/healthz', port: METRICS_PORT_NAME } },
              livenessProbe: { httpGet: { path: '/healthz', port: METRICS_PORT_NAME } },
              resources: resources(CPU_MILLICORES, MEMORY_MIB),
              securityContext: CONTAINER_SECURITY,
              volumeMounts: [{ name: 'configuration', mountPath: FOLDER, readOnly: true }],
            },
          ],
          volumes: [{ name: 'configuration', configMap: { name: configured } }],
        },
      },
    },
  };
}

/** Labels as names are written, so that rules need to know one way alone; a value is asked for as often as there is another. */
const ARGUMENTS = [
  `--config.file=${FOLDER}/${FILE}`,
  `--listen-address=:${PORT}`,
  `--scraping-interval=${PERIOD_SECONDS}`,
  '--labels-snake-case',
  // It warns of each refusal below, which is meant.
  '--log.level=error',
] as const;

/**
 * Its role comes from the agent of EKS and from nowhere else: pods reach no node's own credentials. With each job it asks IAM for
 * the account's other name, which no role of the platform may (bootstrap/deploy-policies.ts): what is refused at its own door
 * makes no trace of an intruder in the record of the account, every five minutes.
 */
function environment(region: string): k8s.EnvVar[] {
  return [
    { name: 'AWS_REGION', value: region },
    { name: 'AWS_EC2_METADATA_DISABLED', value: 'true' },
    { name: 'AWS_ENDPOINT_URL_IAM', value: 'https://127.0.0.1:1' },
  ];
}
