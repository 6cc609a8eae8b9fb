import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { addArgoRollouts, addCustomResources } from './harness/controllers.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { applyManifests } from './harness/manifests.ts';
import { addNodes } from './harness/nodes.ts';
import { program } from './harness/programs.ts';
import {
  addGround,
  chartNames,
  graph,
  installChart,
  NAMESPACE,
  services,
} from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';
import { isServing, podsByService, type Pod } from './harness/workloads.ts';

const execute = promisify(execFile);

/** A way between workloads, as the analyser lists it. */
interface Connection {
  readonly src: string;
  readonly dst: string;
  /** Protocols with ports, such as 'TCP 8443', or 'All Connections'. */
  readonly conn: string;
}

const SERVICE_PORT = 'TCP 8443';
const DATA = 'meridian-data';

/** Pods with the labels that the operators give the engines' pods, by the kind of the binding. */
const engines = {
  postgres: { labels: { 'cnpg.io/cluster': 'meridian' }, port: 'TCP 5432' },
  redis: {
    labels: { 'app.kubernetes.io/name': 'redis', 'app.kubernetes.io/part-of': 'meridian' },
    port: 'TCP 6379',
  },
  elasticsearch: {
    labels: { 'elasticsearch.k8s.elastic.co/cluster-name': 'meridian' },
    port: 'TCP 9200',
  },
  kafka: {
    labels: { 'strimzi.io/cluster': 'meridian', 'strimzi.io/name': 'meridian-kafka' },
    port: 'TCP 9093',
  },
} as const;

/** Others of the cluster, by namespace and name. */
const others: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'kube-system/dns': { 'k8s-app': 'kube-dns' },
  'observability/collector': { 'meridian/telemetry': 'collector' },
  'envoy-gateway-system/proxy': {
    'gateway.envoyproxy.io/owning-gateway-name': 'meridian',
    'gateway.envoyproxy.io/owning-gateway-namespace': 'envoy-gateway-system',
  },
  'default/stranger': {},
};

/** The NetworkPolicies as an analyser of other people's reads them from the API server. */
describe("the staging stack's network policies", () => {
  let cluster: TestCluster;
  let connections: readonly Connection[];

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await addNodes(cluster);
    await addCustomResources(cluster, ['argo-rollouts', 'keda']);
    await addArgoRollouts(cluster);
    const stack = await addGround(cluster);
    const { refusals } = await applyManifests(cluster, stack.manifests);
    expect(refusals).toBe('');
    for (const service of chartNames(stack)) await installChart(cluster, stack, service);
    for (const [kind, { labels }] of Object.entries(engines)) {
      await addPod(cluster, `${DATA}/${kind}`, labels);
    }
    for (const [name, labels] of Object.entries(others)) await addPod(cluster, name, labels);
    await eventually(
      () => podsByService(cluster),
      (found) => services.every((name) => found.get(name)?.some(isServing)),
    );
    await eventually(
      () => cluster.api.list<Pod>('/api/v1/pods'),
      (pods) => pods.every(({ status }) => status?.phase !== 'Pending'),
    );
    const analyser = program('netpol-analyzer', 'netpolicy');
    const { stdout } = await execute(analyser, [
      'list',
      '--quiet',
      ...['--kubeconfig', cluster.kubeconfig],
      ...['--output', 'json'],
    ]);
    connections = (JSON.parse(stdout) as readonly Connection[]).map(({ src, dst, conn }) => ({
      src: workload(src),
      dst: workload(dst),
      conn,
    }));
  });
  afterAll(async () => {
    await cluster.stop();
  });

  const ours = (name: string): string => `${NAMESPACE}/${name}`;
  /** Where a workload gets to, and by which protocol and port. */
  const from = (src: string): readonly string[] =>
    connections
      .filter((connection) => connection.src === src)
      .map(({ dst, conn }) => `${dst} ${conn}`)
      .toSorted();

  const toOurs = (src: string): readonly string[] =>
    from(src).filter((reached) => /^meridian(-data)?\//.test(reached));

  test('let every service reach what its declaration names and the DNS, and nothing else', () => {
    for (const { name, stores } of graph.services) {
      const kinds = stores.map(({ kind }) => kind);
      const events = graph.topics.some(
        ({ publishers, consumers }) => publishers.includes(name) || consumers.includes(name),
      );
      const reached = new Set([
        ...graph.calls
          .filter((call) => call.from === name)
          .map(({ to }) => `${ours(to)} ${SERVICE_PORT}`),
        ...[...kinds, ...(events ? (['kafka'] as const) : [])].map(
          (kind) => `${DATA}/${kind} ${engines[kind].port}`,
        ),
        'kube-system/dns TCP 53,UDP 53',
        'observability/collector TCP 4317',
      ]);
      expect([name, ...from(ours(name))]).toEqual([name, ...[...reached].toSorted()]);
    }
  });

  test('let who watches at the metrics alone, the proxies at the gateway alone, strangers nowhere', () => {
    const probes = graph.zones.map(({ name }) => `probe-${name}`);
    const measured = [...services, ...probes, 'engine-metrics'];
    expect(toOurs('observability/collector')).toEqual([
      `${DATA}/kafka TCP 9404`,
      `${DATA}/postgres TCP 9187`,
      ...measured.map((name) => `${ours(name)} TCP 8082`).toSorted(),
    ]);
    expect(toOurs('envoy-gateway-system/proxy')).toEqual([`${ours('gateway')} ${SERVICE_PORT}`]);
    expect(toOurs('default/stranger')).toEqual([]);
  });

  test('let no engine reach a service or another engine', () => {
    for (const kind of Object.keys(engines)) {
      expect([kind, ...toOurs(`${DATA}/${kind}`)]).toEqual([kind]);
    }
  });
});

/** Of a release, in letters that make no words. Source: k8s.io/apimachinery, rand.SafeEncodeString. */
const RELEASE_HASH = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;

/** The analyser's name of a workload without its kind and the hash of its release. */
function workload(name: string): string {
  const place = name.replace(/\[\w+\]$/, '');
  return place.startsWith(`${NAMESPACE}/`) ? place.replace(RELEASE_HASH, '') : place;
}

async function addPod(
  { api }: TestCluster,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const [namespace = '', pod = ''] = name.split('/');
  const restricted = {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod, labels },
    spec: {
      containers: [{ name: pod, image: `registry.example/${pod}`, securityContext: restricted }],
      automountServiceAccountToken: false,
    },
  };
  await api.create<ApiObject>(`/api/v1/namespaces/${namespace}/pods`, manifest);
}
