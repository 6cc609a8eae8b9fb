import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { addArgoRollouts, addCustomResources } from './harness/controllers.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { driftOf } from './harness/drift.ts';
import { runJob } from './harness/jobs.ts';
import { applyManifests } from './harness/manifests.ts';
import { addNodes, ZONE_LABEL } from './harness/nodes.ts';
import { PrometheusStandIn } from './harness/prometheus-stand-in.ts';
import {
  addGround,
  imageDigest,
  installChart,
  NAMESPACE,
  type RenderedStack,
} from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';
import {
  isServing,
  PODS,
  podsByService,
  ROLLOUTS,
  type Pod,
  type Rollout,
} from './harness/workloads.ts';

interface AnalysisTemplate extends ApiObject {
  readonly spec: { readonly metrics: readonly { readonly interval: string }[] };
}

interface Service extends ApiObject {
  readonly spec: { readonly selector: Readonly<Record<string, string>> };
}

interface ReplicaSet extends ApiObject {
  readonly spec: { readonly replicas: number };
  readonly status?: { readonly availableReplicas?: number };
}

type Role = 'active' | 'preview';

const SERVICE = 'catalog';
const HEALTHY_JOB = `rollout-healthy-${SERVICE}-`;
const RELEASE_LABEL = 'rollouts-pod-template-hash';
const REPLICA_SETS = `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets`;
const TEMPLATE = `/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}/analysistemplates/${SERVICE}`;
const PROMETHEUS = 'http://prometheus.observability.svc.cluster.local:9090';

/** Of a release that is measured: a latency in seconds, and a share of requests; neither where it got none. */
const answering = (latencySeconds?: number, errorShare?: number) => (query: string) => {
  if (query.startsWith('count(')) return 2;
  return query.includes('histogram_quantile') ? latencySeconds : errorShare;
};

/** What has become of the questions to a release. */
const analysisOf = (status: Rollout['status']): string | undefined =>
  status?.blueGreen?.prePromotionAnalysisRunStatus?.status;

/** Each release is another image; each test goes on from the release that is active. */
describe('a release of a service', () => {
  let cluster: TestCluster;
  let prometheus: PrometheusStandIn;
  let stack: RenderedStack;

  beforeAll(async () => {
    prometheus = await PrometheusStandIn.start();
    cluster = await TestCluster.start();
    await addNodes(cluster);
    await addCustomResources(cluster, ['argo-rollouts', 'keda']);
    await addArgoRollouts(cluster, prometheus.environment);
    stack = await addGround(cluster);
    // Who waits for the end of a rollout, and may.
    await applyManifests(cluster, stack.manifests, ['rollouts']);
  });
  afterAll(async () => {
    await cluster.stop();
    await prometheus.stop();
  });

  const rollout = (): Promise<Rollout> => cluster.api.get(`${ROLLOUTS}/${SERVICE}`);

  async function release(name: string): Promise<void> {
    await installChart(cluster, stack, SERVICE, { 'image.digest': imageDigest(name) });
  }

  /** Waits until the Rollout is in a phase, having seen its newest specification. */
  async function phase(wanted: string, image: string): Promise<Rollout> {
    return await eventually(
      rollout,
      ({ metadata, spec, status }) =>
        status?.phase === wanted &&
        status.observedGeneration === String(metadata.generation) &&
        spec.template.spec.containers[0]?.image.endsWith(imageDigest(image)) === true,
    );
  }

  /** The serving pods that a Service leads to. */
  async function podsBehind(service: string): Promise<readonly Pod[]> {
    const { spec } = await cluster.api.get<Service>(
      `/api/v1/namespaces/${NAMESPACE}/services/${service}`,
    );
    const hash = spec.selector[RELEASE_LABEL];
    expect(hash).toBeDefined();
    const pods = (await podsByService(cluster)).get(SERVICE) ?? [];
    return pods.filter((pod) => pod.metadata.labels?.[RELEASE_LABEL] === hash && isServing(pod));
  }

  /** Throws unless a Service leads to pods of one image, all of which are told their role. */
  async function expectBehind(service: string, image: string, role: Role): Promise<void> {
    const { blueGreen } = (await rollout()).spec.strategy;
    const told = Object.entries(blueGreen[`${role}Metadata`].labels);
    // Argo Rollouts tells pods that run already a moment after the promotion.
    const pods = await eventually(
      () => podsBehind(service),
      (behind) =>
        behind.length > 0 &&
        behind.every(({ metadata }) => told.every(([key, to]) => metadata.labels?.[key] === to)),
    );
    for (const { spec } of pods) {
      expect(spec.containers[0]?.image).toMatch(new RegExp(`@${imageDigest(image)}$`));
    }
  }

  test('goes out at once when it is the first', async () => {
    await release('first');
    await cluster.api.merge(`${ROLLOUTS}/${SERVICE}/scale`, { spec: { replicas: 2 } });
    await phase('Healthy', 'first');
    await expectBehind(SERVICE, 'first', 'active');
    expect(await runJob(cluster, stack, HEALTHY_JOB)).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`Rollout '${SERVICE}' is healthy`),
    });
    // What the chart leaves half a minute between questions, the test does not wait for.
    const { spec } = await cluster.api.get<AnalysisTemplate>(TEMPLATE);
    const metrics = spec.metrics.map((metric) => ({ ...metric, interval: '1s' }));
    await cluster.api.merge(TEMPLATE, { spec: { metrics } });
  });

  test('waits beside the active one while nobody measures it, then is promoted', async () => {
    await release('second');
    const waiting = await eventually(rollout, ({ status }) => {
      return analysisOf(status) === 'Running' && prometheus.asked.size > 0;
    });
    expect(waiting.status?.phase).toBe('Progressing');
    await expectBehind(`${SERVICE}-preview`, 'second', 'preview');
    await expectBehind(SERVICE, 'first', 'active');
    expect([...prometheus.asked]).toEqual([`${PROMETHEUS}/api/v1/query`]);
    prometheus.answer = answering(0.01, 0);
    await phase('Healthy', 'second');
    await expectBehind(SERVICE, 'second', 'active');
  });

  // Releases of Argo Rollouts before 1.9 ended the analysis then, called it a success and promoted (argo-rollouts 3724).
  test('is asked on while a pod of it is lost, and not promoted for that', async () => {
    prometheus.answer = () => undefined;
    await release('third');
    await eventually(
      rollout,
      ({ spec, status }) =>
        spec.template.spec.containers[0]?.image.endsWith(imageDigest('third')) === true &&
        analysisOf(status) === 'Running',
    );
    const [lost] = await podsBehind(`${SERVICE}-preview`);
    await cluster.kubectl('cordon', '--selector', ZONE_LABEL);
    await cluster.api.delete(`${PODS}/${lost?.metadata.name ?? ''}`);
    const hash = lost?.metadata.labels?.[RELEASE_LABEL] ?? '';
    await eventually(
      () => cluster.api.list<ReplicaSet>(`${REPLICA_SETS}?labelSelector=${RELEASE_LABEL}=${hash}`),
      ([found]) => (found?.status?.availableReplicas ?? 0) < (found?.spec.replicas ?? 0),
    );
    // A change that says nothing of pods, to know when the controller has looked at all of it.
    await cluster.api.merge(`${ROLLOUTS}/${SERVICE}`, { spec: { revisionHistoryLimit: 9 } });
    const { status } = await eventually(
      rollout,
      ({ metadata, status: seen }) => seen?.observedGeneration === String(metadata.generation),
    );
    expect(analysisOf(status)).toBe('Running');
    await expectBehind(SERVICE, 'second', 'active');
    await cluster.kubectl('uncordon', '--selector', ZONE_LABEL);
    prometheus.answer = answering(0.01, 0);
    await phase('Healthy', 'third');
    await expectBehind(SERVICE, 'third', 'active');
  });

  test.each([
    ['fails too many requests', 'error-share', answering(0.01, 1)],
    ['is too slow', 'latency-p95', answering(60, 0)],
  ])('is given up when it %s, and the active one stays', async (_what, metric, answer) => {
    const image = `bad by ${metric}`;
    prometheus.answer = answer;
    await release(image);
    const { status } = await phase('Degraded', image);
    expect(status?.abort).toBe(true);
    expect(status?.message).toContain(`Metric "${metric}" assessed Failed`);
    await expectBehind(SERVICE, 'third', 'active');
    expect(status?.stableRS).not.toBe(status?.currentPodHash);
    // So a deployment fails, and the drift check tells it from then on.
    expect(await runJob(cluster, stack, HEALTHY_JOB)).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/ROLLOUT_DEGRADED: .*the release before serves on/),
    });
    const drift = await driftOf(cluster.kubeconfig);
    expect(drift.exitCode).toBe(1);
    expect(drift.services).toContainEqual({
      service: SERVICE,
      drift: 'aborted',
      detail: expect.stringMatching(
        `asked for ${status?.currentPodHash ?? ''}, ${status?.stableRS ?? ''} serves$`,
      ),
    });
    expect(drift.services).toContainEqual(
      expect.objectContaining({ service: 'gateway', drift: 'missing' }),
    );
    // What Argo Rollouts has written into the Services is its own; the chart says other things than the program.
    const services = drift.objects.filter(({ object }) => object.kind === 'Service');
    expect(services.map(({ object }) => object.name)).toContain(SERVICE);
    expect(JSON.stringify(services)).not.toContain(RELEASE_LABEL);
  });

  test('is promoted without a request, and gives the traffic back when it turns out bad', async () => {
    prometheus.answer = answering();
    await release('untried');
    const promoted = await eventually(
      rollout,
      ({ status }) =>
        status?.blueGreen?.postPromotionAnalysisRunStatus?.status === 'Running' &&
        status.blueGreen.activeSelector === status.currentPodHash,
    );
    // The release before is there until the second analysis is over.
    expect(promoted.status?.stableRS).not.toBe(promoted.status?.currentPodHash);
    prometheus.answer = answering(0.01, 1);
    const { status } = await phase('Degraded', 'untried');
    expect(status?.message).toContain('Metric "error-share" assessed Failed');
    await expectBehind(SERVICE, 'third', 'active');
  });

  test('is gone back to by releasing it again, without a question', async () => {
    await release('third');
    await phase('Healthy', 'third');
    await expectBehind(SERVICE, 'third', 'active');
  });
});
