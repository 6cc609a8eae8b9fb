import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { addCertManager } from './harness/cert-manager.ts';
import { addCustomResources } from './harness/controllers.ts';
import { addEnvoyGateway } from './harness/envoy-gateway.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { applyManifests } from './harness/manifests.ts';
import { addNodes } from './harness/nodes.ts';
import { addGround, installChart, NAMESPACE } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';
import { addTrustManager } from './harness/trust-manager.ts';
import { zonesOf, zonesOfNodes, type Pod } from './harness/workloads.ts';

const EDGE = 'envoy-gateway-system';
const GATEWAYS = '/apis/gateway.networking.k8s.io/v1';
const POLICIES = '/apis/gateway.envoyproxy.io/v1alpha1';

/** Of certificates that wait for their authorities, and of all that is translated after them. */
const LONG_MS = 240_000;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}

interface Conditioned {
  readonly conditions?: readonly Condition[];
}

interface Judged extends ApiObject {
  readonly status?: Conditioned & {
    readonly listeners?: readonly Conditioned[];
    readonly parents?: readonly Conditioned[];
    readonly ancestors?: readonly Conditioned[];
  };
}

interface Service extends ApiObject {
  readonly spec: {
    readonly type: string;
    readonly externalTrafficPolicy?: string;
    readonly ports: readonly { readonly port: number; readonly targetPort: number }[];
  };
}

interface ProxyPod extends Pod {
  readonly spec: Pod['spec'] & {
    readonly priorityClassName?: string;
    readonly securityContext?: object;
  };
}

/** What Envoy Gateway itself makes of the manifests; no Envoy runs. */
describe('the edge of the staging stack, as Envoy Gateway takes it', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await addNodes(cluster);
    await addCustomResources(cluster);
    await addCertManager(cluster);
    const stack = await addGround(cluster);
    await addTrustManager(cluster);
    await installChart(cluster, stack, 'gateway');
    const { refusals } = await applyManifests(cluster, stack.manifests, ['certificates', 'edge']);
    expect(refusals).toBe('');
    await addEnvoyGateway(cluster, [EDGE, NAMESPACE]);
  });
  afterAll(() => cluster.stop());

  test.each([
    ['the class', `${GATEWAYS}/gatewayclasses`, 1],
    ['the listeners', `${GATEWAYS}/gateways`, 1],
    ['the routes', `${GATEWAYS}/httproutes`, 4],
    ["the gateway's certificate", `${GATEWAYS}/backendtlspolicies`, 1],
    ['what users may send', `${POLICIES}/clienttrafficpolicies`, 1],
    ['retries and timeouts', `${POLICIES}/backendtrafficpolicies`, 3],
    ['the proxies', `${POLICIES}/envoyproxies`, 1],
  ])('accepts %s, and finds all that is named', async (_what, path, count) => {
    const judged = await eventually(
      () => cluster.api.list<Judged>(path),
      (found) => found.every((each) => verdicts(each).length > 0 && refused(each).length === 0),
      LONG_MS,
    );
    expect(judged).toHaveLength(count);
  });

  test('makes proxies in three zones, in their class, that the policy of the network knows', async () => {
    const labels = 'gateway.envoyproxy.io/owning-gateway-name=meridian';
    const pods = await eventually(
      () => cluster.api.list<ProxyPod>(`/api/v1/namespaces/${EDGE}/pods?labelSelector=${labels}`),
      (found) => found.length === 3 && found.every(({ spec }) => spec.nodeName !== undefined),
      LONG_MS,
    );
    expect(zonesOf(pods, await zonesOfNodes(cluster))).toEqual(['zone-a', 'zone-b', 'zone-c']);
    const policy = await cluster.api.get<
      ApiObject & { readonly spec: { readonly podSelector: { readonly matchLabels: object } } }
    >(`/apis/networking.k8s.io/v1/namespaces/${EDGE}/networkpolicies/meridian-proxies`);
    for (const { metadata, spec } of pods) {
      expect(metadata.labels).toMatchObject(policy.spec.podSelector.matchLabels);
      expect(spec).toMatchObject({
        priorityClassName: 'meridian-engine',
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
    }
  });

  test('leads users to the ports that the policy opens, and is programmed when it has an address', async () => {
    const services = await cluster.api.list<Service>(`/api/v1/namespaces/${EDGE}/services`);
    const service = services.find(({ spec }) => spec.type === 'LoadBalancer');
    expect(service?.spec).toMatchObject({
      externalTrafficPolicy: 'Local',
      ports: [
        { port: 443, targetPort: 10_443 },
        { port: 80, targetPort: 10_080 },
      ],
    });
    // It is whoever runs the cluster that gives addresses, and nobody does here.
    await cluster.api.merge(
      `/api/v1/namespaces/${EDGE}/services/${service?.metadata.name ?? ''}/status`,
      { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
    );
    const { status } = await eventually(
      () => cluster.api.get<Judged>(`${GATEWAYS}/namespaces/${EDGE}/gateways/meridian`),
      (gateway) =>
        gateway.status?.conditions?.some(
          ({ type, reason }) => type === 'Programmed' && reason !== 'AddressNotAssigned',
        ) ?? false,
    );
    expect(status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Programmed', reason: 'Programmed', status: 'True' }),
    );
  });
});

/** All that is said of an object, of its listeners and of it as seen from another. */
function verdicts({ status }: Judged): readonly Condition[] {
  const { listeners = [], parents = [], ancestors = [] } = status ?? {};
  return [status ?? {}, ...listeners, ...parents, ...ancestors].flatMap(
    ({ conditions = [] }) => conditions,
  );
}

/** What is said against it; that no pod is there yet says nothing of the object. */
function refused(judged: Judged): readonly Condition[] {
  return verdicts(judged).filter(
    ({ type, status, reason }) =>
      status !== 'True' && type !== 'BackendsAvailable' && reason !== 'AddressNotAssigned',
  );
}
