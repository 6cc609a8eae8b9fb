import { describe, expect, test } from '@jest/globals';
import { postgres, redis } from '../model/store.ts';
import { buildGraph } from '../model/build-graph.ts';
import { landed } from '../model/landed.ts';
import { samplePlatform, withService } from '../model/testing/sample-platform.ts';
import { chartedService, sampleCluster, sampleClusterContext } from '../testing/sample-cluster.ts';
import { lowerKubernetes } from './lower-kubernetes.ts';
import { objectsOf } from './parts-of.ts';
import { renderCharts } from './render-stack.ts';

const FIELD_MANAGER = 'pulumi.com/patchFieldManager';
const digest = `sha256:${'0'.repeat(64)}`;

describe('lowerKubernetes', () => {
  test('gives the same value for the same input, and a plain one', () => {
    expect(JSON.parse(JSON.stringify(sampleCluster()))).toEqual(sampleCluster());
  });

  test('has every service that has code, and nothing of the others', () => {
    expect(sampleCluster().services.map(({ name }) => name)).toEqual(['archive', 'door', 'shelf']);
    const context = { ...sampleClusterContext(), graph: landed(buildGraph(samplePlatform)) };
    const { services } = lowerKubernetes(context);
    expect(services.map(({ name }) => name)).toEqual(['door', 'shelf']);
    expect(Object.keys(chartedService(lowerKubernetes(context), 'door').bindings)).not.toContain(
      'archive',
    );
  });

  test('takes size and growth from the graph', () => {
    const scale = { minReplicas: 4, maxReplicas: 9, targetCpuPercent: 55, targetQueueDepth: 3 };
    const platform = withService('shelf', {
      scale: { ...scale, callsPerSecond: 10, cpuMillicores: 500, memoryMiB: 512 },
    });
    expect(chartedService(sampleCluster({}, platform), 'shelf')).toMatchObject({
      replicas: { min: 4, max: 9 },
      growth: { cpuPercent: 55, queueDepth: 3 },
      resources: {
        requests: { cpu: '500m', memory: '512Mi' },
        limits: { cpu: '2', memory: '512Mi' },
      },
    });
  });

  test('binds a caller to the headless Services of its callee and to the identity behind both', () => {
    expect(chartedService(sampleCluster(), 'door').bindings['shelf']).toEqual({
      type: 'grpc',
      provider: 'meridian',
      uri: 'dns:///shelf.sample.svc.cluster.local:8443',
      'preview-uri': 'dns:///shelf-preview.sample.svc.cluster.local:8443',
      'spiffe-id': 'spiffe://sample.local/ns/sample/sa/shelf',
    });
    const own = Object.keys(chartedService(sampleCluster(), 'shelf').bindings);
    expect(own).toEqual(['telemetry']);
  });

  test('mounts the Secrets of declared stores, of Kafka where it is used, and of signing keys', () => {
    const platform = withService('shelf', {
      stores: [
        postgres({ name: 'shelf', migrations: 'services/shelf/migrations' }),
        redis({ name: 'covers' }),
      ],
    });
    const secretsOf = (name: string) =>
      chartedService(sampleCluster({}, platform), name).secrets.map(
        ({ secret, folder }) => `${secret} at ${folder}`,
      );
    expect(secretsOf('shelf')).toEqual([
      'shelf-postgres-binding at bindings/shelf-postgres',
      'covers-redis-binding at bindings/covers-redis',
      'shelf-kafka-binding at bindings/kafka',
      'shelf-postgres-tls at postgres-tls',
      'shelf-redis-tls at redis-tls',
      'shelf-kafka-tls at kafka-tls',
      'shelf-metrics-tls at metrics-tls',
    ]);
    expect(secretsOf('door')).toEqual([
      'door-context-signing at context-signing',
      'door-metrics-tls at metrics-tls',
    ]);
  });

  test('applies every object in one name, and tells no chart of it', () => {
    const stack = sampleCluster();
    const objects = objectsOf(stack);
    const names = objects.map(({ metadata }) => metadata.annotations?.[FIELD_MANAGER]);
    expect(objects.length).toBeGreaterThan(100);
    expect([...new Set(names)]).toEqual(['pulumi-kubernetes']);
    expect(Object.values(renderCharts(stack)).join('\n')).not.toContain(FIELD_MANAGER);
  });

  test('marks an image that nobody has looked up, and never invents a digest', () => {
    const stack = sampleCluster({ images: { shelf: digest } });
    expect(chartedService(stack, 'shelf').image).toEqual({
      repository: 'registry.example/sample/shelf',
      digest,
    });
    expect(chartedService(stack, 'door').image.digest).toBe('unresolved');
  });

  test('refuses images of what there is not, all at once', () => {
    expect(() => sampleCluster({ images: { shelves: digest, doors: digest } })).toThrow(
      [
        "Setting 'meridian:images.shelves': must be for one of 'archive', 'door', 'shelf', 'jobs', 'postgresql', 'valkey', 'otelcol', 'prometheus', 'alertmanager', 'loki', 'tempo', 'grafana', got 'shelves'; remove it in Pulumi.sample.yaml",
        "Setting 'meridian:images.doors': must be for one of 'archive', 'door', 'shelf', 'jobs', 'postgresql', 'valkey', 'otelcol', 'prometheus', 'alertmanager', 'loki', 'tempo', 'grafana', got 'doors'; remove it in Pulumi.sample.yaml",
      ].join('\n'),
    );
  });
});
