import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { addArgoRollouts, addCustomResources } from './harness/controllers.ts';
import { addKeda } from './harness/keda.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { MetricsStandIn } from './harness/metrics-stand-in.ts';
import { addNodes, ZONES } from './harness/nodes.ts';
import { PrometheusStandIn } from './harness/prometheus-stand-in.ts';
import { addGround, graph, installChart, NAMESPACE } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';
import {
  isServing,
  podsByService,
  ROLLOUTS,
  zonesOf,
  zonesOfNodes,
  type Rollout,
} from './harness/workloads.ts';

interface Metric {
  readonly type: 'External' | 'Resource';
  readonly resource?: { readonly current?: { readonly averageUtilization?: number } };
  readonly external?: { readonly current?: { readonly averageValue?: string } };
}

interface HorizontalPodAutoscaler extends ApiObject {
  readonly spec: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly metrics: readonly Metric[];
  };
  readonly status?: {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly currentMetrics?: readonly Metric[] | null;
  };
}

const SERVICE = 'catalog';
const AUTOSCALER = `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers/keda-hpa-${SERVICE}`;
const PROMETHEUS = 'http://prometheus.observability.svc.cluster.local:9090';

/** A growth takes a window of 15 s for each doubling; what one suite waits for at most. */
const SCALE_TIMEOUT_MS = 150_000;

describe('a service under load', () => {
  const { minReplicas = 0, maxReplicas = 0 } =
    graph.services.find(({ name }) => name === SERVICE)?.scale ?? {};
  let cluster: TestCluster;
  let prometheus: PrometheusStandIn;
  let metrics: MetricsStandIn;

  beforeAll(async () => {
    prometheus = await PrometheusStandIn.start();
    prometheus.answer = () => 0;
    cluster = await TestCluster.start({
      controllerManagerFlags: [
        '--horizontal-pod-autoscaler-sync-period=1s',
        '--horizontal-pod-autoscaler-downscale-stabilization=1s',
        '--horizontal-pod-autoscaler-cpu-initialization-period=1s',
        '--horizontal-pod-autoscaler-initial-readiness-delay=1s',
      ],
    });
    await addNodes(cluster);
    await addCustomResources(cluster, ['argo-rollouts', 'keda']);
    await addArgoRollouts(cluster);
    metrics = await MetricsStandIn.start(cluster);
    await addKeda(cluster, prometheus.environment);
    const stack = await addGround(cluster);
    await installChart(cluster, stack, SERVICE);
  });
  afterAll(async () => {
    await cluster.stop();
    await metrics.stop();
    await prometheus.stop();
  });

  const autoscaler = (): Promise<HorizontalPodAutoscaler> => cluster.api.get(AUTOSCALER);

  /**
   * Waits until the autoscaler wants so many pods and all of them serve.
   *
   * @param isMeasured what it has to have measured of them: what it says may still be of those that there were before
   */
  async function scaledTo(
    replicas: number,
    isMeasured: (status: NonNullable<HorizontalPodAutoscaler['status']>) => boolean = () => true,
  ): Promise<HorizontalPodAutoscaler> {
    await eventually(
      async () => (await podsByService(cluster)).get(SERVICE)?.filter(isServing).length,
      (serving) => serving === replicas,
      SCALE_TIMEOUT_MS,
    );
    const { spec } = await cluster.api.get<Rollout>(`${ROLLOUTS}/${SERVICE}`);
    expect(spec.replicas).toBe(replicas);
    return await eventually(
      autoscaler,
      ({ status }) =>
        status?.currentReplicas === replicas &&
        status.desiredReplicas === replicas &&
        status.currentMetrics?.length === 2 &&
        isMeasured(status),
    );
  }

  test('has an autoscaler by KEDA, which reads both metrics and keeps the least replicas', async () => {
    await eventually(
      () => cluster.api.list<ApiObject>(AUTOSCALER.slice(0, AUTOSCALER.lastIndexOf('/'))),
      (found) => found.length === 1,
    );
    const { spec, status } = await scaledTo(minReplicas);
    expect(spec).toMatchObject({ minReplicas: 2, maxReplicas: 20 });
    expect(spec.metrics.map(({ type }) => type).toSorted()).toEqual(['External', 'Resource']);
    expect(status?.currentMetrics?.map(({ type }) => type).toSorted()).toEqual([
      'External',
      'Resource',
    ]);
    expect([...prometheus.asked]).toEqual([`${PROMETHEUS}/api/v1/query`]);
  });

  test(
    'grows by CPU to where each pod uses what it is to use',
    async () => {
      // 70 % of the 250 thousandths that a pod requests, times eight.
      metrics.loadMillicores = 1_400;
      await scaledTo(8, ({ currentMetrics }) => {
        const cpu = currentMetrics?.find(({ type }) => type === 'Resource');
        return cpu?.resource?.current?.averageUtilization === 70;
      });
    },
    SCALE_TIMEOUT_MS,
  );

  test(
    'grows by its queue up to the most replicas, over all zones, and no further',
    async () => {
      prometheus.answer = (query) => (query.includes(`job="${SERVICE}"`) ? 1_000 : undefined);
      await scaledTo(maxReplicas, ({ currentMetrics }) => {
        const queue = currentMetrics?.find(({ type }) => type === 'External');
        return queue?.external?.current?.averageValue === '50';
      });
      const pods = (await podsByService(cluster)).get(SERVICE) ?? [];
      expect(zonesOf(pods, await zonesOfNodes(cluster))).toEqual([...ZONES]);
    },
    SCALE_TIMEOUT_MS,
  );

  test(
    'shrinks to the least replicas when both are gone',
    async () => {
      metrics.loadMillicores = 0;
      prometheus.answer = () => 0;
      await scaledTo(minReplicas);
    },
    SCALE_TIMEOUT_MS,
  );
});
