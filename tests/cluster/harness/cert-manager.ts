import { addNamespace } from './controllers.ts';
import { program } from './programs.ts';
import type { TestCluster } from './test-cluster.ts';

const NAMESPACE = 'cert-manager';

/** The controller's ServiceAccount under its chart: policies of the stack name it. */
const CONTROLLER = `system:serviceaccount:${NAMESPACE}:cert-manager`;

/** Starts the controllers of cert-manager that issue from authorities of the cluster. */
export async function addCertManager(cluster: TestCluster): Promise<void> {
  await addNamespace(cluster, NAMESPACE);
  const kubeconfig = await cluster.authority.writeKubeconfig(cluster.server, {
    name: CONTROLLER,
    group: 'system:masters',
  });
  await cluster.processes.start({
    name: 'cert-manager',
    command: [
      program('cert-manager', 'cert-manager'),
      `--kubeconfig=${kubeconfig}`,
      `--cluster-resource-namespace=${NAMESPACE}`,
    ],
  });
}
