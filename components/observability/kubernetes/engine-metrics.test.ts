import { describe, expect, test } from '@jest/globals';
import { parseConfiguration } from '@meridian/kit/configuration.ts';
import { ENGINE_POLL_VARIABLE } from '@meridian/language/engine-metrics.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { ClusterObject } from '../../kubernetes/manifest.ts';
import { redis, searchIndex } from '../../model/store.ts';
import { samplePlatform, shelf, withService } from '../../model/testing/sample-platform.ts';
import { sampleCluster, sampleClusterContext } from '../../testing/sample-cluster.ts';
import { clusterRules } from './prometheus-chart.ts';

const platform = withService('shelf', {
  stores: [...shelf.stores, redis({ name: 'pages' }), searchIndex({ name: 'books' })],
});
const stackOf = (given = platform) => sampleCluster({}, given);
const manifestsOf = (stack: ReturnType<typeof stackOf>): readonly ClusterObject[] =>
  Object.values(stack).flatMap((part: object) =>
    'steps' in part
      ? (part.steps as { manifests?: ClusterObject[] }[]).flatMap(({ manifests = [] }) => manifests)
      : [],
  );
const named = (kind: string, all = manifestsOf(stackOf())) =>
  all.filter((each) => each.kind === kind && each.metadata.name.startsWith('engine-metrics'));
const podOf = (all?: readonly ClusterObject[]) => {
  const [deployment] = named('Deployment', all) as unknown as readonly k8s.Deployment[];
  return deployment?.spec.template.spec;
};

describe('engine-metrics in a cluster', () => {
  test('is one for all zones, never two, and elsewhere soon when its node goes', () => {
    const deployments = named('Deployment');
    expect(deployments).toHaveLength(1);
    expect(deployments[0]).toMatchObject({
      metadata: { annotations: { 'pulumi.com/skipAwait': 'true' } },
      spec: { replicas: 1, strategy: { type: 'Recreate' } },
    });
    expect(podOf()?.affinity).toBeUndefined();
    expect(podOf()?.tolerations).toEqual(
      ['unreachable', 'not-ready'].map((trouble) => ({
        ...{ key: `node.kubernetes.io/${trouble}`, operator: 'Exists', effect: 'NoExecute' },
        tolerationSeconds: 10,
      })),
    );
  });

  test('runs as nobody from the image of the edge service, and asks as often as it is asked', () => {
    expect(podOf()).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true },
      containers: [
        {
          image: expect.stringContaining('/door@'),
          command: expect.arrayContaining(['/app/services/watch/engine-metrics/main.ts']),
          securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          env: expect.arrayContaining([{ name: ENGINE_POLL_VARIABLE, value: '15000' }]),
        },
      ],
    });
  });

  test('has a configuration that the kit takes, and serves metrics to the collectors alone', () => {
    const [deployment] = named('Deployment');
    const { template } = deployment?.['spec'] as { readonly template: ClusterObject };
    const configuration = template.metadata.annotations?.['meridian/service.json'] ?? '';
    const environment = { MERIDIAN_INSTANCE: 'engine-metrics-0', MERIDIAN_ZONE: 'a' };
    expect(parseConfiguration(configuration, 'service.json', environment)).toMatchObject({
      service: 'engine-metrics',
      databaseConnections: 2,
      metrics: { port: 8_082, scraper: expect.stringMatching(/\/collector$/) as unknown },
    });
  });

  test('mounts what engines make for it, each of which there is', () => {
    const all = manifestsOf(stackOf());
    const job = (engine: string) =>
      JSON.stringify(
        all.filter(({ kind, metadata }) => kind === 'Job' && metadata.name.includes(engine)),
      );
    const mounted = (podOf(all)?.volumes ?? []).flatMap(({ secret }) => secret?.secretName ?? []);
    expect(mounted).toEqual([
      'engine-metrics-metrics-tls',
      ...['postgres', 'redis', 'kafka', 'elasticsearch'].map(
        (name) => `engine-metrics-${name}-binding`,
      ),
      ...['postgres', 'redis', 'kafka', 'elasticsearch'].map(
        (name) => `engine-metrics-${name}-tls`,
      ),
    ]);
    const made = all
      .filter(
        ({ kind, metadata }) =>
          ['Secret', 'Certificate'].includes(kind) && metadata.namespace === 'sample',
      )
      .map(({ metadata }) => metadata.name);
    const byJobs = mounted.filter((secret) => !made.includes(secret));
    expect(byJobs).toEqual([
      'engine-metrics-redis-binding',
      'engine-metrics-elasticsearch-binding',
    ]);
    expect(job('redis')).toContain('engine-metrics-redis-binding');
    expect(job('elasticsearch')).toContain('engine-metrics-elasticsearch-binding');
  });

  test('reaches each engine, the certificates of operators and nothing else, and each engine lets it in', () => {
    const own = { 'app.kubernetes.io/name': 'engine-metrics' };
    const [policy] = named('NetworkPolicy');
    expect(policy?.['spec']).toMatchObject({
      podSelector: { matchLabels: own },
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { 'meridian/telemetry': 'collector' } } }],
          ports: [{ port: 8_082 }],
        },
      ],
      egress: [
        { ports: [{ port: 53 }, { port: 53 }] },
        ...[5_432, 6_379, 9_093, 9_200].map((port) => ({ ports: [{ port }] })),
        ...[10_250, 9_443, 9_443, 9_300, 9_443, 18_000].map((port) => ({ ports: [{ port }] })),
      ],
    });
    const engines = manifestsOf(stackOf()).filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === 'data',
    );
    const letIn = engines.flatMap((each) =>
      (each['spec'] as { ingress: { from: object[]; ports: { port: number }[] }[] }).ingress
        .filter(({ from }) => JSON.stringify(from).includes('"engine-metrics"'))
        .map(({ ports }) => [each.metadata.name, ...ports.map(({ port }) => port)]),
    );
    expect(letIn.toSorted()).toEqual([
      ['postgres', 5_432],
      ['redis', 6_379],
      ['sample-elasticsearch', 9_200],
      ['sample-elasticsearch', 9_300],
      ['sample-kafka', 9_093],
    ]);
  });

  test('is missed where nobody asks engines any more', () => {
    expect(clusterRules(sampleClusterContext()).alerts.map(({ name }) => name)).toContain(
      'EnginesUnseen',
    );
  });

  test('has nothing of an engine that nobody uses', () => {
    const text = JSON.stringify(podOf(manifestsOf(stackOf(samplePlatform))));
    expect(text).not.toMatch(/redis|elasticsearch/);
    expect(text).toContain('engine-metrics-kafka-binding');
  });
});
