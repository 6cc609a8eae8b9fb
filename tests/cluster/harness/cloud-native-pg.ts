import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { addNamespace } from './controllers.ts';
import { LOOPBACK } from './loopback.ts';
import { program } from './programs.ts';
import type { TestCluster } from './test-cluster.ts';
import { addWebhooks, listens, webhookCertificate, type JudgedKind } from './webhooks.ts';

/** Where the stack's chart of CloudNativePG is installed. */
const NAMESPACE = 'cnpg-system';

const GROUP = { group: 'postgresql.cnpg.io', version: 'v1' } as const;

/** Source: CloudNativePG 1.30, config/webhook/manifests.yaml */
const MUTATED: readonly JudgedKind[] = [
  { ...GROUP, kind: 'Backup', plural: 'backups' },
  { ...GROUP, kind: 'Cluster', plural: 'clusters' },
  { ...GROUP, kind: 'Database', plural: 'databases' },
  { ...GROUP, kind: 'ScheduledBackup', plural: 'scheduledbackups' },
];

/**
 * Starts CloudNativePG's operator for one namespace, as the chart of the stack does, with the webhooks of its kinds. It hands out
 * copies of itself to the pods of instances, so it looks for one beside itself.
 */
export async function addCloudNativePg(cluster: TestCluster, watched: string): Promise<void> {
  await addNamespace(cluster, NAMESPACE);
  const binary = program('cloudnative-pg', 'manager');
  await mkdir(join(cluster.folder, 'operator'));
  await copyFile(binary, join(cluster.folder, 'operator', 'manager_amd64'));
  const port = await freePort(LOOPBACK);
  const certificates = await webhookCertificate(cluster, 'cloudnative-pg', {
    certificate: 'apiserver.crt',
    key: 'apiserver.key',
  });
  await cluster.processes.start({
    name: 'cloudnative-pg',
    command: [
      binary,
      'controller',
      '--leader-elect=false',
      `--webhook-port=${port}`,
      '--metrics-bind-address=0',
    ],
    environment: {
      KUBECONFIG: cluster.kubeconfig,
      WEBHOOK_CERT_DIR: certificates,
      OPERATOR_NAMESPACE: NAMESPACE,
      WATCH_NAMESPACE: watched,
      // It would be the image of the operator's own pod.
      OPERATOR_IMAGE_NAME: 'registry.example/cloudnative-pg:1.30.0',
      POD_NAME: 'operator',
    },
    isReady: () => listens(port),
  });
  await addWebhooks(cluster, {
    operator: 'cloudnative-pg',
    port,
    mutated: MUTATED,
    validated: [...MUTATED, { ...GROUP, kind: 'Pooler', plural: 'poolers' }],
  });
}
