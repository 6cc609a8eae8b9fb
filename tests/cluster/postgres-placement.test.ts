import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type * as k8s from '@meridian/components/kubernetes/k8s.ts';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { addNodes, ZONE_LABEL, ZONES } from './harness/nodes.ts';
import { graph } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';
import { zonesOfNodes } from './harness/workloads.ts';

const PODS = '/api/v1/namespaces/default/pods';

interface Pod extends ApiObject {
  readonly spec: Readonly<Record<string, unknown>> & { readonly nodeName?: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

/** What the staging stack asks of the places of PostgreSQL's instances. */
function constraints(): k8s.Cluster['spec']['topologySpreadConstraints'] {
  const stack = lowerKubernetes({
    graph,
    ...{ settings: stagingSettings({}), version: '0.0.0', migrations: {} },
  });
  const cluster = stack.postgres.steps
    .flatMap(({ manifests = [] }) => manifests)
    .find(({ kind }) => kind === 'Cluster');
  return (cluster as unknown as k8s.Cluster).spec.topologySpreadConstraints;
}

/**
 * A pod as CloudNativePG would make it, by its labels and the constraints that it copies.
 * Source: CloudNativePG 1.30.0, pkg/specs/jobs.go, CreatePrimaryJob, and pkg/specs/pods.go, NewInstance
 */
function podOf(name: string, role: 'cnpg.io/jobRole' | 'cnpg.io/podRole', zone?: string): Pod {
  const value = role === 'cnpg.io/jobRole' ? 'join' : 'instance';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'cnpg.io/cluster': graph.name, [role]: value } },
    spec: {
      containers: [{ name: 'postgres', image: 'registry.example/postgres:1' }],
      topologySpreadConstraints: constraints(),
      // Where its volume is, as the scheduler knows it of a volume that is bound.
      ...(zone === undefined ? {} : { nodeSelector: { [ZONE_LABEL]: zone } }),
    },
  };
}

/** The scheduler itself judges: CloudNativePG makes a Job that fills a volume, and an instance that follows the volume. */
describe('the instances of PostgreSQL', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await addNodes(cluster);
  });
  afterAll(async () => {
    await cluster.stop();
  });

  /** The zone that the scheduler puts a pod into; 'nowhere' once it has found none. */
  async function placed(name: string): Promise<string> {
    const zones = await zonesOfNodes(cluster);
    const pod = await eventually(
      () => cluster.api.get<Pod>(`${PODS}/${name}`),
      ({ spec, status }) =>
        spec.nodeName !== undefined ||
        status?.conditions?.some(({ reason }) => reason === 'Unschedulable') === true,
    );
    return zones.get(pod.spec.nodeName ?? '') ?? 'nowhere';
  }

  /** Makes the volume of an instance by a Job that is done then, and the instance where the volume is. */
  async function join(number: number): Promise<string> {
    const job = `join-${number}`;
    await cluster.api.create(PODS, podOf(job, 'cnpg.io/jobRole'));
    const zone = await placed(job);
    if (zone === 'nowhere') return zone;
    await cluster.api.delete(`${PODS}/${job}?gracePeriodSeconds=0`);
    await cluster.api.create(PODS, podOf(`instance-${number}`, 'cnpg.io/podRole', zone));
    return await placed(`instance-${number}`);
  }

  const cordon = (command: 'cordon' | 'uncordon', zone: string) =>
    cluster.kubectl(command, '--selector', `${ZONE_LABEL}=${zone}`);

  test('take no second place in a zone while the others have no room, and one in each once they have', async () => {
    const first = await join(1);
    expect(ZONES).toContain(first);
    const others = ZONES.filter((zone) => zone !== first);
    for (const zone of others) await cordon('cordon', zone);
    await cluster.api.create(PODS, podOf('join-2', 'cnpg.io/jobRole'));
    expect(await placed('join-2')).toBe('nowhere');
    await cluster.api.delete(`${PODS}/join-2?gracePeriodSeconds=0`);
    for (const zone of others) await cordon('uncordon', zone);
    expect([first, await join(2), await join(3)].toSorted()).toEqual([...ZONES]);
  });
});
