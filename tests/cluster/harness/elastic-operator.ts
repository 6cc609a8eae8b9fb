import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { addNamespace } from './controllers.ts';
import { LOOPBACK } from './loopback.ts';
import { program } from './programs.ts';
import type { TestCluster } from './test-cluster.ts';
import { addWebhooks, listens, webhookCertificate } from './webhooks.ts';

/** Where the stack's chart of ECK is installed. */
const NAMESPACE = 'elastic-system';

/** Starts ECK's operator for one namespace, as the chart of the stack does, with the webhook of what the stack has of it. */
export async function addElasticOperator(cluster: TestCluster, managed: string): Promise<void> {
  await addNamespace(cluster, NAMESPACE);
  const port = await freePort(LOOPBACK);
  const certificates = await webhookCertificate(cluster, 'eck');
  await cluster.processes.start({
    name: 'elastic-operator',
    command: [
      program('eck', 'elastic-operator'),
      'manager',
      `--operator-namespace=${NAMESPACE}`,
      `--namespaces=${managed}`,
      '--enable-webhook',
      `--webhook-port=${port}`,
      `--webhook-cert-dir=${certificates}`,
      '--manage-webhook-certs=false',
      '--enable-leader-election=false',
      '--disable-telemetry',
      // It publishes none.
      '--metrics-port=0',
    ],
    environment: { KUBECONFIG: cluster.kubeconfig },
    isReady: () => listens(port),
  });
  await addWebhooks(cluster, {
    operator: 'eck',
    port,
    validated: [
      {
        group: 'elasticsearch.k8s.elastic.co',
        version: 'v1',
        kind: 'Elasticsearch',
        plural: 'elasticsearches',
      },
    ],
  });
}

/** Somewhere for the claims of pods: no volume is ever written to, as KWOK's pods run nothing. */
export async function addVolumes({ api }: TestCluster, count: number): Promise<void> {
  await api.create('/apis/storage.k8s.io/v1/storageclasses', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: 'nowhere',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  for (let number = 1; number <= count; number += 1) {
    await api.create('/api/v1/persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `nowhere-${number}` },
      spec: {
        capacity: { storage: '100Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'nowhere',
        hostPath: { path: '/nowhere' },
      },
    });
  }
}
