import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { answers } from './controllers.ts';
import { LOOPBACK } from './loopback.ts';
import { program } from './programs.ts';
import type { TestCluster } from './test-cluster.ts';
import { addWebhooks, webhookCertificate } from './webhooks.ts';

/** Starts trust-manager as the chart of the stack does, with its webhook. */
export async function addTrustManager(cluster: TestCluster): Promise<void> {
  const port = await freePort(LOOPBACK);
  const health = await freePort(LOOPBACK);
  const certificates = await webhookCertificate(cluster, 'trust-manager');
  await cluster.processes.start({
    name: 'trust-manager',
    command: [
      program('trust-manager', 'trust-manager'),
      `--kubeconfig=${cluster.kubeconfig}`,
      '--leader-elect=false',
      '--trust-namespace=cert-manager',
      `--webhook-host=${LOOPBACK}`,
      `--webhook-port=${port}`,
      `--webhook-certificate-dir=${certificates}`,
      `--readiness-probe-port=${health}`,
      `--metrics-port=${await freePort(LOOPBACK)}`,
    ],
    isReady: () => answers(`http://${LOOPBACK}:${health}/readyz`),
  });
  await addWebhooks(cluster, {
    operator: 'trust-manager',
    port,
    validated: [
      {
        group: 'trust.cert-manager.io',
        version: 'v1alpha1',
        kind: 'Bundle',
        plural: 'bundles',
      },
    ],
  });
}
