import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { addAggregatedApi } from './aggregated-api.ts';
import { LOOPBACK } from './loopback.ts';
import type { TestCluster } from './test-cluster.ts';
import { isServing, type Pod } from './workloads.ts';

const GROUP = 'metrics.k8s.io';
const SERVICE = { namespace: 'kube-system', name: 'metrics-stand-in' } as const;

/** Of such a time a sample of the real server tells. */
const WINDOW = '15s';

/**
 * Stands in for metrics-server, since pods without processes use no CPU: a load that the test sets is
 * spread evenly over the pods that serve.
 */
export class MetricsStandIn implements AsyncDisposable {
  /** Thousandths of a CPU, of all pods of a selector together. */
  loadMillicores = 0;
  readonly #cluster: TestCluster;
  readonly #server: Server;

  private constructor(cluster: TestCluster, server: Server) {
    this.#cluster = cluster;
    this.#server = server;
  }

  /** Starts it and registers it with the API server, and waits until it is asked through that. */
  static async start(cluster: TestCluster): Promise<MetricsStandIn> {
    const { name, namespace } = SERVICE;
    const identity = await cluster.authority.issue({
      name,
      dnsNames: [`${name}.${namespace}.svc`],
    });
    const server = createServer({
      cert: readFileSync(identity.certificate),
      key: readFileSync(identity.key),
    });
    const standIn = new MetricsStandIn(cluster, server);
    server.on('request', (request, response) => {
      void standIn.#respond(request.url ?? '').then((body) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(body));
      });
    });
    server.listen(0, LOOPBACK);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await addAggregatedApi(cluster, { group: GROUP, version: 'v1beta1', service: SERVICE, port });
    return standIn;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #respond(asked: string): Promise<unknown> {
    const { pathname, searchParams } = new URL(asked, `https://${LOOPBACK}`);
    const namespace = /\/namespaces\/([^/]+)\/pods$/.exec(pathname)?.[1];
    if (namespace === undefined) return resources;
    const selector = encodeURIComponent(searchParams.get('labelSelector') ?? '');
    const pods = await this.#cluster.api.list<Pod>(
      `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`,
    );
    const serving = pods.filter(isServing);
    const each = `${Math.round((this.loadMillicores * 1_000_000) / serving.length)}n`;
    return {
      apiVersion: `${GROUP}/v1beta1`,
      kind: 'PodMetricsList',
      metadata: {},
      items: serving.map(({ metadata, spec }) => ({
        metadata: { name: metadata.name, namespace, labels: metadata.labels },
        timestamp: new Date().toISOString(),
        window: WINDOW,
        containers: spec.containers.map(({ name }) => ({
          name,
          usage: { cpu: each, memory: '64Mi' },
        })),
      })),
    };
  }
}

const resources = {
  apiVersion: 'v1',
  kind: 'APIResourceList',
  groupVersion: `${GROUP}/v1beta1`,
  resources: [
    {
      name: 'pods',
      singularName: '',
      namespaced: true,
      kind: 'PodMetrics',
      verbs: ['get', 'list'],
    },
  ],
};
