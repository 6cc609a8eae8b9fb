import { OPERATOR_REPLICAS, OPERATOR_RESOURCES } from '../../cluster/operator.ts';
import type { Operator } from '../../cluster/operator.ts';
import { priorityClass } from '../../cluster/priority-classes.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';

/** Where its chart is installed. */
export const OPERATOR_NAMESPACE = 'cnpg-system';

/** Of 90 days; by default a week, of which whoever is told would have half. */
const RENEWED_BEFORE_DAYS = 30;

/** CloudNativePG, and where there is a bucket of backups what writes to it. */
export function postgresOperators(context: KubernetesContext): readonly Operator[] {
  const { backup } = context.settings.postgres;
  return [cloudNativePg(context), ...(backup === undefined ? [] : [barmanCloud(context)])];
}

/** CloudNativePG. */
function cloudNativePg({ graph, settings }: KubernetesContext): Operator {
  return {
    podSecurity: 'restricted',
    release: {
      version: '1.30.1',
      kubernetes: { oldest: '1.34', newest: '1.36' },
      source: 'https://cloudnative-pg.io/docs/1.30/supported_releases',
    },
    // Of its webhook, by an authority of its own; that of the server is cert-manager's.
    // Source: CloudNativePG 1.30.1, pkg/certs/k8s.go; internal/configuration/configuration.go
    certificates: [
      {
        ...{ name: 'cloudnative-pg-webhook', service: 'cnpg-webhook-service' },
        ...{ namespace: OPERATOR_NAMESPACE, port: 443, podPort: 9_443 },
        pods: { 'app.kubernetes.io/name': 'cloudnative-pg' },
        renewedBeforeSeconds: RENEWED_BEFORE_DAYS * 86_400,
      },
    ],
    kinds: [
      { apiVersion: 'postgresql.cnpg.io/v1', kinds: ['Cluster', 'Database', 'ScheduledBackup'] },
    ],
    chart: {
      name: 'cloudnative-pg',
      namespace: OPERATOR_NAMESPACE,
      chart: 'cloudnative-pg',
      repository: 'https://cloudnative-pg.github.io/charts',
      version: '0.29.1',
      values: {
        replicaCount: OPERATOR_REPLICAS,
        priorityClassName: priorityClass(graph, 'engine'),
        resources: OPERATOR_RESOURCES,
        ...pullSecrets(settings),
        // Its roles are the cluster's, since it is not in the namespace that it watches.
        config: {
          clusterWide: true,
          data: {
            WATCH_NAMESPACE: settings.namespaces.data,
            EXPIRING_CHECK_THRESHOLD: String(RENEWED_BEFORE_DAYS),
          },
        },
      },
    },
  };
}

/** Of its chart: it certifies what the operator and the plugin say to each other. */
const PLUGIN_ISSUER = 'barman-cloud';

/**
 * CloudNativePG's plugin for Barman Cloud, which adds a container to each instance. It has to be where the operator is,
 * and has one replica: it cannot be replaced while it runs (the chart's strategy is Recreate).
 * Source: plugin-barman-cloud 0.15.0, web/docs/installation.mdx; its chart 0.7.0, templates/deployment.yaml
 */
function barmanCloud({ graph, settings }: KubernetesContext): Operator {
  const version = '0.15.0';
  const image = { tag: `v${version}` };
  return {
    podSecurity: 'restricted',
    release: {
      version,
      source: `https://github.com/cloudnative-pg/plugin-barman-cloud/blob/v${version}/web/docs/installation.mdx`,
    },
    kinds: [{ apiVersion: 'barmancloud.cnpg.io/v1', kinds: ['ObjectStore'] }],
    signers: [`issuers.cert-manager.io/${OPERATOR_NAMESPACE}.${PLUGIN_ISSUER}`],
    chart: {
      name: 'plugin-barman-cloud',
      namespace: OPERATOR_NAMESPACE,
      chart: 'plugin-barman-cloud',
      repository: 'https://cloudnative-pg.github.io/charts',
      version: '0.8.0',
      values: {
        // Of the program that the objects are written for, whichever the chart brings.
        image,
        sidecarImage: image,
        certificate: { issuerName: PLUGIN_ISSUER },
        priorityClassName: priorityClass(graph, 'engine'),
        resources: OPERATOR_RESOURCES,
        ...pullSecrets(settings),
      },
    },
  };
}
