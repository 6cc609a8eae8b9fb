import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { addArgoRollouts, addCustomResources } from './harness/controllers.ts';
import { ApiError, type ApiObject } from './harness/kubernetes-client.ts';
import { applyManifests, type Applied } from './harness/manifests.ts';
import { addNodes, ZONE_LABEL, ZONES } from './harness/nodes.ts';
import {
  addGround,
  chartNames,
  imageDigest,
  installChart,
  NAMESPACE,
  services,
  type RenderedStack,
} from './harness/staging.ts';
import { ServingWatch } from './harness/serving-watch.ts';
import { TestCluster } from './harness/test-cluster.ts';
import {
  isServing,
  PODS,
  podsByService,
  ROLLOUTS,
  serviceOf,
  zonesOf,
  zonesOfNodes,
  type Pod,
  type Rollout,
} from './harness/workloads.ts';

/** All that `restricted` asks of a container. */
const bare = {
  name: 'bare',
  image: `registry.example/bare@${imageDigest('bare')}`,
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};

describe('the staging stack in a cluster of three zones', () => {
  let cluster: TestCluster;
  let stack: RenderedStack;
  let manifests: Applied;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await addNodes(cluster);
    await addCustomResources(cluster);
    await addArgoRollouts(cluster);
    stack = await addGround(cluster);
    manifests = await applyManifests(cluster, stack.manifests);
    for (const service of chartNames(stack)) await installChart(cluster, stack, service);
  });
  afterAll(async () => {
    await cluster.stop();
  });

  /** Scales every service as its autoscaler would, and waits until all pods serve. */
  async function scaleTo(replicas: number): Promise<ReadonlyMap<string, readonly Pod[]>> {
    for (const service of services) {
      await cluster.api.merge(`${ROLLOUTS}/${service}/scale`, { spec: { replicas } });
    }
    return await servingPods(replicas);
  }

  async function servingPods(replicas: number): Promise<ReadonlyMap<string, readonly Pod[]>> {
    return await eventually(
      () => podsByService(cluster),
      (found) => services.every((name) => found.get(name)?.filter(isServing).length === replicas),
    );
  }

  test('is installed by Helm, with a release and a Rollout for each service', async () => {
    const releases = JSON.parse(
      await cluster.helm('list', '--namespace', NAMESPACE, '--output', 'json'),
    ) as readonly { readonly name: string; readonly status: string }[];
    expect(releases.map(({ name, status }) => [name, status])).toEqual(
      services.toSorted().map((name) => [name, 'deployed']),
    );
    const rollouts = await cluster.api.list<Rollout>(ROLLOUTS);
    expect(rollouts.map(({ metadata }) => metadata.name)).toEqual(services.toSorted());
  });

  test('has every manifest accepted, field by field, since every kind can be had', () => {
    expect(manifests.refusals).toBe('');
    expect(manifests.unknownKinds).toEqual([]);
  });

  test.each([2, 5])('has %d pods of each service in as many zones as can be', async (replicas) => {
    const pods = await scaleTo(replicas);
    const zones = await zonesOfNodes(cluster);
    for (const service of services) {
      const running = pods.get(service) ?? [];
      expect(zonesOf(running, zones)).toHaveLength(Math.min(replicas, ZONES.length));
      for (const { metadata, spec } of running) {
        expect(metadata.labels?.[ZONE_LABEL]).toBe(zones.get(spec.nodeName ?? ''));
      }
    }
  });

  describe('under Pod Security `restricted`', () => {
    type Spec = Pod['spec'] & Readonly<Record<'securityContext' | 'volumes', object>>;

    /** Asks for a pod like one of ours but for some changes; nothing is kept of it. */
    async function ask(change: (ours: Spec) => object): Promise<ApiObject> {
      const pods = await cluster.api.list<Pod & { readonly spec: Spec }>(PODS);
      const ours = pods.find((pod) => services.includes(serviceOf(pod)));
      if (ours === undefined) throw new Error('no pod of a service');
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'asked-for' },
        spec: { ...ours.spec, nodeName: undefined, ...change(ours.spec) },
      };
      return await cluster.api.create<ApiObject>(`${PODS}?dryRun=All`, pod);
    }

    test('takes a pod like ours', async () => {
      await expect(ask(() => ({}))).resolves.toMatchObject({ metadata: { name: 'asked-for' } });
    });

    test.each<[string, string, (ours: Spec) => object]>([
      [
        'runs as root',
        'runAsNonRoot != true',
        ({ securityContext }) => ({ securityContext: { ...securityContext, runAsNonRoot: false } }),
      ],
      [
        'keeps its capabilities',
        'unrestricted capabilities',
        ({ containers }) => ({
          containers: containers.map((container) => ({ ...container, securityContext: {} })),
        }),
      ],
      ['shares the processes of its node', 'host namespaces', () => ({ hostPID: true })],
      [
        'mounts a folder of its node',
        'restricted volume types',
        () => ({ volumes: [{ name: 'host', hostPath: { path: '/' } }], containers: [bare] }),
      ],
    ])('refuses one that %s', async (_what, reason, change) => {
      const refused = ask(change);
      await expect(refused).rejects.toBeInstanceOf(ApiError);
      await expect(refused).rejects.toThrow('violates PodSecurity "restricted:');
      await expect(refused).rejects.toThrow(reason);
    });
  });

  test.each(ZONES)('keeps every budget while %s is cordoned and drained', async (drained) => {
    const replicas = 5;
    await scaleTo(replicas);
    const nodes = ['--selector', `${ZONE_LABEL}=${drained}`];
    using serving = await ServingWatch.start(cluster);
    await cluster.kubectl('cordon', ...nodes);
    await cluster.kubectl('drain', ...nodes, '--timeout=90s');
    const pods = await servingPods(replicas);
    const least = await serving.least();
    const zones = await zonesOfNodes(cluster);
    for (const service of services) {
      // Every budget lets one pod go at a time, and a pod of each had to.
      expect([service, least.get(service)]).toEqual([service, replicas - 1]);
      expect([service, ...zonesOf(pods.get(service) ?? [], zones)]).toEqual([
        service,
        ...ZONES.filter((zone) => zone !== drained),
      ]);
    }
    await cluster.kubectl('uncordon', ...nodes);
  });
});
