import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addCertManager } from './harness/cert-manager.ts';
import { addCustomResources } from './harness/controllers.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { addNodes } from './harness/nodes.ts';
import { installOperatorChart } from './harness/operator-charts.ts';
import { addGround } from './harness/staging.ts';
import type { RenderedStack } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';
import { applyManifests } from './harness/manifests.ts';

type Labels = Readonly<Record<string, string>>;

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly resources?: { readonly limits?: Labels };
}

interface Pod extends ApiObject {
  readonly spec: {
    readonly priorityClassName?: string;
    readonly containers: readonly Container[];
  };
  readonly status: { readonly phase: string };
}

interface Service extends ApiObject {
  readonly spec: {
    readonly selector: Labels;
    readonly ports: readonly { readonly port: number; readonly targetPort: number | string }[];
  };
}

interface Policy extends ApiObject {
  readonly spec: {
    readonly ingress?: readonly { readonly from?: readonly Peer[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[] }[];
  };
}

interface Peer {
  readonly namespaceSelector?: { readonly matchLabels: Labels };
  readonly podSelector?: { readonly matchLabels?: Labels };
}

interface Webhooks extends ApiObject {
  readonly webhooks: readonly {
    readonly clientConfig: {
      readonly service: {
        readonly namespace: string;
        readonly name: string;
        readonly port?: number;
      };
    };
  }[];
}

interface Data extends ApiObject {
  readonly data: Labels;
}

interface Budget extends ApiObject {
  readonly spec: { readonly selector: { readonly matchLabels: Labels } };
}

/** Where each chart is installed. */
const NAMESPACES = {
  'eck-operator': 'elastic-system',
  'gateway-helm': 'envoy-gateway-system',
  'trust-manager': 'cert-manager',
} as const;

const charts = Object.keys(NAMESPACES) as readonly (keyof typeof NAMESPACES)[];

const carries = (labels: Labels = {}, wanted: Labels = {}): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

/** The charts that lie in the modules of their operators, with the values of the stack; pods run nothing. */
describe('the charts of operators', () => {
  let cluster: TestCluster;
  let stack: RenderedStack;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await addNodes(cluster);
    // Those of the three come with their charts.
    await addCustomResources(cluster, ['cert-manager']);
    await addCertManager(cluster);
    stack = await addGround(cluster);
    for (const chart of charts) await installOperatorChart(cluster, stack, chart);
    expect(await applyManifests(cluster, stack.manifests, ['search', 'edge'])).toMatchObject({
      refusals: '',
    });
  });
  afterAll(() => cluster.stop());

  const podsIn = (namespace: string): Promise<readonly Pod[]> =>
    cluster.api.list<Pod>(`/api/v1/namespaces/${namespace}/pods`);
  /** Those that go on, and not those of Jobs. */
  const runningIn = async (namespace: string): Promise<readonly Pod[]> =>
    (await podsIn(namespace)).filter(({ status }) => status.phase === 'Running');

  test.each(charts)(
    '%s has two pods that Pod Security lets in, in the class of engines, within limits',
    async (chart) => {
      const pods = await runningIn(NAMESPACES[chart]);
      expect(pods).toHaveLength(2);
      for (const { spec } of pods) {
        expect(spec.priorityClassName).toBe('meridian-engine');
        for (const { resources } of spec.containers) {
          expect(resources?.limits).toHaveProperty('memory');
        }
      }
    },
  );

  test.each(charts)('%s has a budget that selects its pods', async (chart) => {
    const namespace = NAMESPACES[chart];
    const budgets = await cluster.api.list<Budget>(
      `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
    );
    const pods = await runningIn(namespace);
    const selected = pods.filter(({ metadata }) =>
      budgets.some(({ spec }) => carries(metadata.labels, spec.selector.matchLabels)),
    );
    expect(selected).toHaveLength(pods.length);
  });

  test('are of the pinned versions', async () => {
    const images = await Promise.all(
      charts.map(
        async (chart) => (await runningIn(NAMESPACES[chart]))[0]?.spec.containers[0]?.image,
      ),
    );
    expect(images).toEqual([
      expect.stringMatching(/eck-operator:3\.5\.0$/),
      expect.stringMatching(/envoyproxy\/gateway:v1\.9\.1$/),
      expect.stringMatching(/trust-manager:v0\.25\.0$/),
    ]);
  });

  test('have webhooks that lead to a port of their pods', async () => {
    const configurations = await cluster.api.list<Webhooks>(
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    );
    const targets = configurations.flatMap(({ webhooks }) =>
      webhooks.map(({ clientConfig }) => clientConfig.service),
    );
    expect(new Set(targets.map(({ namespace }) => namespace))).toEqual(
      new Set(['cert-manager', 'elastic-system']),
    );
    for (const { namespace, name, port = 443 } of targets) {
      const { spec } = await cluster.api.get<Service>(
        `/api/v1/namespaces/${namespace}/services/${name}`,
      );
      const target = spec.ports.find((one) => one.port === port)?.targetPort;
      const pods = (await runningIn(namespace)).filter(({ metadata }) =>
        carries(metadata.labels, spec.selector),
      );
      const ports = pods.map(({ spec: { containers } }) =>
        containers.flatMap((one) => one.ports ?? []),
      );
      expect(ports).toHaveLength(2);
      for (const ofPod of ports) {
        expect(ofPod.map((one) => [one.name, one.containerPort]).flat()).toContain(target);
      }
    }
  });

  test('have pods of the labels by which policies of the platform know them', async () => {
    const policies = await cluster.api.list<Policy>('/apis/networking.k8s.io/v1/networkpolicies');
    const peers = policies
      .flatMap(({ spec }) => [
        ...(spec.ingress ?? []).flatMap(({ from = [] }) => from),
        ...(spec.egress ?? []).flatMap(({ to = [] }) => to),
      ])
      .flatMap(({ namespaceSelector, podSelector }) => {
        const namespace = namespaceSelector?.matchLabels['kubernetes.io/metadata.name'];
        return namespace === 'elastic-system'
          ? [{ namespace, labels: podSelector?.matchLabels ?? {} }]
          : [];
      });
    expect(peers).not.toEqual([]);
    for (const { namespace, labels } of peers) {
      const pods = await runningIn(namespace);
      expect(pods.filter(({ metadata }) => carries(metadata.labels, labels))).toHaveLength(2);
    }
  });

  test('watch the namespaces of the stack, and elect a leader', async () => {
    const settings = async (namespace: string, name: string): Promise<string> => {
      const { data } = await cluster.api.get<Data>(
        `/api/v1/namespaces/${namespace}/configmaps/${name}`,
      );
      return Object.values(data).join('\n');
    };
    expect(await settings('elastic-system', 'elastic-operator')).toMatch(
      /namespaces: \[meridian-data\]/,
    );
    const edge = await settings('envoy-gateway-system', 'envoy-gateway-config');
    expect(edge).toMatch(/namespaces:\s+- envoy-gateway-system\s+- meridian\n/);
    const [pod] = await runningIn('cert-manager');
    expect(pod?.spec.containers[0]?.args).toEqual(
      expect.arrayContaining(['--trust-namespace=cert-manager', '--leader-elect=true']),
    );
  });
});
