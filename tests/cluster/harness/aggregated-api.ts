import { eventually } from '../../end-to-end/platform-under-test.ts';
import { readFileSync } from 'node:fs';
import { addNamespace } from './controllers.ts';
import type { ApiObject } from './kubernetes-client.ts';
import type { TestCluster } from './test-cluster.ts';

/** An API that another server than the API server answers. */
export interface AggregatedApi {
  readonly group: string;
  readonly version: string;
  /** Under whose name, `<name>.<namespace>.svc`, it proves who it is. */
  readonly service: { readonly namespace: string; readonly name: string };
  /** Where it listens on loopback. */
  readonly port: number;
}

interface ApiService extends ApiObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';

/** Registers an API and waits until the API server reaches it. */
export async function addAggregatedApi(cluster: TestCluster, added: AggregatedApi): Promise<void> {
  const { group, version, service, port } = added;
  const { api, authority } = cluster;
  await addNamespace(cluster, service.namespace);
  await api.create<ApiObject & { readonly spec: object }>(
    `/api/v1/namespaces/${service.namespace}/services`,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: service.name },
      // What listens on loopback has no endpoint in a cluster, but may have a name.
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
  );
  const name = `${version}.${group}`;
  await api.create<ApiObject & { readonly spec: object }>(API_SERVICES, {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name },
    spec: {
      group,
      version,
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { ...service, port },
      caBundle: readFileSync(authority.file, 'base64'),
    },
  });
  await eventually(
    () => api.get<ApiService>(`${API_SERVICES}/${name}`),
    ({ status }) =>
      status?.conditions?.some(
        (condition) => condition.type === 'Available' && condition.status === 'True',
      ) ?? false,
  );
}
