import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { ApiError } from './kubernetes-client.ts';
import { customResourceOperators } from '../../../tools/engines/custom-resources.ts';
import { customResources, program } from './programs.ts';
import { LOOPBACK } from './loopback.ts';
import type { TestCluster } from './test-cluster.ts';

/** Makes the kinds of every operator known whose CustomResourceDefinitions are at hand. */
export async function addCustomResources(
  cluster: TestCluster,
  chosen: readonly string[] = customResourceOperators,
): Promise<void> {
  await applyDefinitions(cluster, chosen.map(customResources));
}

/** Makes the kinds known that are defined in the files of some folders, or brings them to what is defined there. */
export async function applyDefinitions(
  cluster: TestCluster,
  folders: readonly string[],
): Promise<void> {
  const files = folders.flatMap((folder) => ['-f', folder]);
  // Some are too large for the annotation that client-side apply keeps.
  await cluster.kubectl('apply', '--server-side', ...files);
  await cluster.kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s');
}

/** Starts the controller of Argo Rollouts. */
export async function addArgoRollouts(
  cluster: TestCluster,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  await addNamespace(cluster, 'argo-rollouts');
  const health = await freePort(LOOPBACK);
  await cluster.processes.start({
    name: 'argo-rollouts',
    command: [
      program('argo-rollouts', 'rollouts-controller'),
      `--kubeconfig=${cluster.kubeconfig}`,
      '--namespace=argo-rollouts',
      '--leader-elect=false',
      `--healthzPort=${health}`,
      `--metricsPort=${await freePort(LOOPBACK)}`,
      '--loglevel=warn',
    ],
    environment,
    isReady: () => answers(`http://${LOOPBACK}:${health}/healthz`),
  });
}

/** Makes a namespace unless it is there. */
export async function addNamespace(
  { api }: TestCluster,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  try {
    await api.create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
  }
}

/** Whether something answers well there. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
