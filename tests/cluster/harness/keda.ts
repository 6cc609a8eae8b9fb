import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { addAggregatedApi } from './aggregated-api.ts';
import { addNamespace, answers } from './controllers.ts';
import { LOOPBACK } from './loopback.ts';
import { program } from './programs.ts';
import type { TestCluster } from './test-cluster.ts';
import { addWebhooks, listens, webhookCertificate } from './webhooks.ts';

const NAMESPACE = 'keda';
const OPERATOR = 'keda-operator';
const ADAPTER = { namespace: NAMESPACE, name: 'keda-metrics-apiserver' } as const;

/**
 * Starts KEDA: the operator, which makes HPAs and asks the sources of metrics, and the adapter, which
 * gives the HPA controller what the operator was told.
 */
export async function addKeda(
  cluster: TestCluster,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  await addNamespace(cluster, NAMESPACE);
  const certificates = await writeCertificates(cluster);
  const shared = {
    ...environment,
    KUBECONFIG: cluster.kubeconfig,
    WATCH_NAMESPACE: '',
    POD_NAMESPACE: NAMESPACE,
    KEDA_CLUSTER_OBJECT_NAMESPACE: NAMESPACE,
  };
  const metrics = `${LOOPBACK}:${await freePort(LOOPBACK)}`;
  const health = `${LOOPBACK}:${await freePort(LOOPBACK)}`;
  await cluster.processes.start({
    name: OPERATOR,
    command: [
      program('keda', 'keda-operator'),
      `--metrics-service-bind-address=${metrics}`,
      `--health-probe-bind-address=${health}`,
      '--metrics-bind-address=0',
      `--cert-dir=${certificates}`,
    ],
    environment: shared,
    isReady: () => answers(`http://${health}/readyz`),
  });
  const port = await freePort(LOOPBACK);
  await cluster.processes.start({
    name: ADAPTER.name,
    command: [
      program('keda', 'keda-adapter'),
      `--bind-address=${LOOPBACK}`,
      `--secure-port=${port}`,
      // Its own metrics; the adapter can only be told a port.
      `--port=${await freePort(LOOPBACK)}`,
      `--metrics-service-address=${metrics}`,
      `--cert-dir=${certificates}`,
      `--tls-cert-file=${join(certificates, 'tls.crt')}`,
      `--tls-private-key-file=${join(certificates, 'tls.key')}`,
      `--client-ca-file=${cluster.authority.file}`,
      `--lister-kubeconfig=${cluster.kubeconfig}`,
      `--authentication-kubeconfig=${cluster.kubeconfig}`,
      `--authorization-kubeconfig=${cluster.kubeconfig}`,
    ],
    environment: shared,
  });
  await addAggregatedApi(cluster, {
    group: 'external.metrics.k8s.io',
    version: 'v1beta1',
    service: ADAPTER,
    port,
  });
}

const GROUP = { group: 'keda.sh', version: 'v1alpha1' } as const;

/**
 * Starts what judges KEDA's objects, without whoever acts on them. It has to be asked of all that it knows: the chart lets objects
 * in when it does not answer. Source: KEDA 2.21.0, config/webhooks/validation_webhooks.yaml
 */
export async function addKedaWebhooks(cluster: TestCluster): Promise<void> {
  const port = await freePort(LOOPBACK);
  const health = `${LOOPBACK}:${await freePort(LOOPBACK)}`;
  await cluster.processes.start({
    name: 'keda-webhooks',
    command: [
      program('keda-webhooks', 'keda-webhooks'),
      `--port=${port}`,
      `--cert-dir=${await webhookCertificate(cluster, 'keda')}`,
      `--health-probe-bind-address=${health}`,
      '--metrics-bind-address=0',
    ],
    environment: { KUBECONFIG: cluster.kubeconfig },
    isReady: async () => (await answers(`http://${health}/readyz`)) && (await listens(port)),
  });
  await addWebhooks(cluster, {
    operator: 'keda',
    port,
    validated: [
      { ...GROUP, kind: 'ScaledObject', plural: 'scaledobjects' },
      { ...GROUP, kind: 'TriggerAuthentication', plural: 'triggerauthentications' },
    ],
  });
}

/** One certificate for both ends, as KEDA itself makes it. */
async function writeCertificates({ authority, folder }: TestCluster): Promise<string> {
  const { certificate, key } = await authority.issue({
    name: OPERATOR,
    dnsNames: [`${ADAPTER.name}.${ADAPTER.namespace}.svc`],
  });
  const target = join(folder, 'keda');
  await mkdir(target, { mode: 0o700 });
  await copyFile(certificate, join(target, 'tls.crt'));
  await copyFile(key, join(target, 'tls.key'));
  await copyFile(authority.file, join(target, 'ca.crt'));
  return target;
}
