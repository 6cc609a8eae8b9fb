import { eventually } from '../../end-to-end/platform-under-test.ts';
import { addVolumes } from './elastic-operator.ts';
import type { ApiObject } from './kubernetes-client.ts';
import { MetricsStandIn } from './metrics-stand-in.ts';
import type { TestCluster } from './test-cluster.ts';

const SYSTEM = '/api/v1/namespaces/kube-system';

/**
 * Gives a cluster what a deployment asks of it beside nodes: a default StorageClass, a pod that is labelled as DNS is, and
 * something in place of metrics-server.
 */
export async function addWhatIsNeeded(cluster: TestCluster): Promise<AsyncDisposable> {
  await addVolumes(cluster, 0);
  await eventually(
    () => cluster.api.list(`${SYSTEM}/serviceaccounts`),
    (accounts) => accounts.some(({ metadata }) => metadata.name === 'default'),
  );
  await cluster.api.create<ApiObject & { readonly spec: object }>(`${SYSTEM}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
    spec: {
      containers: [
        {
          name: 'dns',
          image: 'registry.example/dns',
          ports: [{ containerPort: 53, protocol: 'UDP' }],
        },
      ],
    },
  });
  return await MetricsStandIn.start(cluster);
}
