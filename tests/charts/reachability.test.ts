import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from './rendered-chart.ts';
import { graph } from './lowered-staging.ts';
import { charts, objectsOf } from './rendered-chart.ts';

type Labels = Readonly<Record<string, string>>;

interface Selector {
  readonly matchLabels?: Labels;
}

interface Peer {
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
}

interface NetworkPolicy extends ClusterObject {
  readonly kind: 'NetworkPolicy';
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress: readonly Rule[];
    readonly egress: readonly Rule[];
  };
}

interface Rollout extends ClusterObject {
  readonly kind: 'Rollout';
  readonly spec: { readonly template: { readonly metadata: { readonly labels: Labels } } };
}

/** A pod, or whatever else has labels in a namespace. */
interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
}

const NAMESPACE = 'meridian';
const SERVICE_PORT = 8_443;
const OPS_PORT = 8_081;
const METRICS_PORT = 8_082;
const services = graph.services.map(({ name }) => name);

const all = [...charts.values()];
const policies = all.flatMap((chart) => objectsOf<NetworkPolicy>(chart, 'NetworkPolicy'));
const pods = new Map<string, Pod>(
  all.flatMap((chart) =>
    objectsOf<Rollout>(chart, 'Rollout').map(({ metadata, spec }): [string, Pod] => [
      metadata.name,
      { namespace: NAMESPACE, labels: spec.template.metadata.labels },
    ]),
  ),
);
const taskPod = (name: string): Pod => ({
  namespace: NAMESPACE,
  labels: {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/part-of': 'meridian',
  },
});
const podOf = (name: string): Pod => pods.get(name) ?? taskPod(name);

const selects = ({ matchLabels = {} }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value);

const isPeer = ({ namespaceSelector, podSelector = {} }: Peer, pod: Pod): boolean =>
  (namespaceSelector === undefined
    ? pod.namespace === NAMESPACE
    : selects(namespaceSelector, { 'kubernetes.io/metadata.name': pod.namespace })) &&
  selects(podSelector, pod.labels);

/** Whether the rules of a direction let a connection through; no policy at all lets everything. */
function passes(own: Pod, other: Pod, port: number, direction: 'Ingress' | 'Egress'): boolean {
  const applicable = policies.filter(
    ({ spec }) =>
      own.namespace === NAMESPACE &&
      selects(spec.podSelector, own.labels) &&
      spec.policyTypes.includes(direction),
  );
  if (applicable.length === 0) return true;
  return applicable
    .flatMap(({ spec }) => (direction === 'Ingress' ? spec.ingress : spec.egress))
    .some(
      ({ from, to, ports }) =>
        (from ?? to ?? []).some((peer) => isPeer(peer, other)) &&
        (ports ?? []).some((allowed) => allowed.port === port),
    );
}

const reaches = (from: Pod, to: Pod, port: number): boolean =>
  passes(from, to, port, 'Egress') && passes(to, from, port, 'Ingress');

const callers = [...services, ...graph.tasks.map(({ name }) => name)];
const pairs = callers.flatMap((from) => services.map((to): [string, string] => [from, to]));

const declaredAmong = (among: readonly (readonly [string, string])[]) =>
  among.filter(([from, to]) => graph.calls.some((edge) => edge.from === from && edge.to === to));

describe('the NetworkPolicies', () => {
  test('select the pods of every service in both directions', () => {
    for (const service of services) {
      const own = policies.filter(({ spec }) => selects(spec.podSelector, podOf(service).labels));
      expect(own.map(({ metadata, spec }) => [metadata.name, ...spec.policyTypes])).toEqual([
        [service, 'Ingress', 'Egress'],
      ]);
    }
  });

  test('let every declared call in at the callee and no other, for every pair', () => {
    const allowed = pairs.filter(([from, to]) =>
      passes(podOf(to), podOf(from), SERVICE_PORT, 'Ingress'),
    );
    expect(allowed).toEqual(declaredAmong(pairs));
    expect(allowed).toHaveLength(graph.calls.length);
  });

  test('let every declared call out at the caller and no other, for every pair', () => {
    // Pods of tasks have no chart yet, and so no policy of their own.
    const between = pairs.filter(([from]) => services.includes(from));
    const allowed = between.filter(([from, to]) =>
      passes(podOf(from), podOf(to), SERVICE_PORT, 'Egress'),
    );
    expect(allowed).toEqual(declaredAmong(between));
  });

  test('let the collectors alone at metrics, and nobody at health, which the kubelet of a node asks', () => {
    const stranger: Pod = { namespace: 'default', labels: {} };
    const collector: Pod = {
      namespace: 'observability',
      labels: { 'meridian/telemetry': 'collector' },
    };
    const watcher: Pod = {
      namespace: 'observability',
      labels: { 'meridian/telemetry': 'prometheus' },
    };
    for (const service of services) {
      const pod = podOf(service);
      expect(passes(pod, collector, METRICS_PORT, 'Ingress')).toBe(true);
      for (const port of [SERVICE_PORT, OPS_PORT]) {
        expect(passes(pod, collector, port, 'Ingress')).toBe(false);
      }
      for (const port of [SERVICE_PORT, OPS_PORT, METRICS_PORT]) {
        expect(reaches(watcher, pod, port)).toBe(false);
        expect(reaches(stranger, pod, port)).toBe(false);
      }
      for (const other of services) {
        expect(reaches(podOf(other), pod, OPS_PORT)).toBe(false);
        expect(reaches(podOf(other), pod, METRICS_PORT)).toBe(false);
      }
    }
  });

  test('let the proxies of the edge reach the gateway alone', () => {
    const proxy: Pod = { namespace: 'envoy-gateway-system', labels: { app: 'envoy' } };
    expect(services.filter((name) => reaches(proxy, podOf(name), SERVICE_PORT))).toEqual([
      'gateway',
    ]);
  });

  test.each([
    ['postgresql', { 'cnpg.io/cluster': 'meridian' }, 5_432, 'postgres'],
    [
      'redis',
      { 'app.kubernetes.io/name': 'redis', 'app.kubernetes.io/part-of': 'meridian' },
      6_379,
      'redis',
    ],
    [
      'elasticsearch',
      { 'elasticsearch.k8s.elastic.co/cluster-name': 'meridian' },
      9_200,
      'elasticsearch',
    ],
  ])('let those reach %s that declare a store of it', (_engine, labels, port, kind) => {
    const engine: Pod = { namespace: 'meridian-data', labels };
    const declared = graph.services.filter(({ stores }) =>
      stores.some((store) => store.kind === kind),
    );
    expect(services.filter((name) => reaches(podOf(name), engine, port))).toEqual(
      declared.map(({ name }) => name),
    );
  });

  test('let those reach Kafka that publish or consume', () => {
    const broker: Pod = {
      namespace: 'meridian-data',
      labels: { 'strimzi.io/cluster': 'meridian' },
    };
    const declared = services.filter((name) =>
      graph.topics.some(
        ({ publishers, consumers }) => publishers.includes(name) || consumers.includes(name),
      ),
    );
    expect(services.filter((name) => reaches(podOf(name), broker, 9_093))).toEqual(declared);
  });

  test('let everybody ask the DNS, and nobody go elsewhere', () => {
    const dns: Pod = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
    const elsewhere: Pod = { namespace: 'default', labels: {} };
    for (const service of services) {
      expect(reaches(podOf(service), dns, 53)).toBe(true);
      expect(reaches(podOf(service), dns, 443)).toBe(false);
      expect(reaches(podOf(service), elsewhere, 443)).toBe(false);
    }
  });
});
