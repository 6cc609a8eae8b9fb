import { describe, expect, test } from '@jest/globals';
import { parseConfiguration } from '@meridian/kit/configuration.ts';
import { parse } from 'yaml';
import type { ChartText, ClusterObject } from './rendered-chart.ts';
import { graph, lowered } from './lowered-staging.ts';
import { charts, objectsOf, withDefaults } from './rendered-chart.ts';
import { externalBindingName } from '@meridian/language/bindings.ts';

interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly: boolean;
}

interface Container {
  readonly image: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly { readonly name: string }[];
  readonly volumeMounts: readonly Mount[];
  readonly securityContext: unknown;
  readonly resources: unknown;
}

interface Volume {
  readonly name: string;
  readonly secret?: unknown;
  readonly csi?: unknown;
  readonly configMap?: { readonly name: string; readonly optional?: boolean };
}

interface Rollout extends ClusterObject {
  readonly kind: 'Rollout';
  readonly spec: {
    readonly strategy: {
      readonly blueGreen: { readonly activeService: string; readonly previewService: string };
    };
    readonly template: {
      readonly metadata: {
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Readonly<Record<string, string>>;
      };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly automountServiceAccountToken: boolean;
        readonly securityContext: { readonly fsGroup: number };
        readonly containers: readonly [Container];
        readonly volumes: readonly Volume[];
        readonly terminationGracePeriodSeconds: number;
      };
    };
  };
}

interface Service extends ClusterObject {
  readonly kind: 'Service';
  readonly spec: {
    readonly clusterIP?: string;
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
  };
}

interface ScaledObject extends ClusterObject {
  readonly kind: 'ScaledObject';
  readonly spec: Readonly<Record<string, unknown>>;
}

const only = <T>(objects: readonly T[]): T => {
  const [object] = objects;
  if (object === undefined || objects.length > 1) throw new Error(`${objects.length} objects`);
  return object;
};
const rolloutOf = (chart: ChartText) => only(objectsOf<Rollout>(chart, 'Rollout'));
const annotationsOf = (chart: ChartText) => rolloutOf(chart).spec.template.metadata.annotations;

describe.each([...charts])('the chart of %s', (name, chart) => {
  const { template } = rolloutOf(chart).spec;
  const [container] = template.spec.containers;

  test('fits Pod Security `restricted`', () => {
    expect(template.spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(template.spec.automountServiceAccountToken).toBe(false);
  });

  test('gets its SPIFFE certificate from cert-manager, readable by the group of the process', () => {
    const { fsGroup } = template.spec.securityContext;
    expect(template.spec.volumes).toContainEqual({
      name: 'tls',
      csi: {
        driver: 'spiffe.csi.cert-manager.io',
        readOnly: true,
        volumeAttributes: { 'spiffe.csi.cert-manager.io/fs-group': String(fsGroup) },
      },
    });
  });

  test('asks for CPU and memory and bounds both', () => {
    expect(container.resources).toMatchObject({
      requests: { cpu: expect.any(String), memory: expect.any(String) },
      limits: { cpu: expect.any(String), memory: expect.any(String) },
    });
  });

  test('gives the process a configuration that it accepts', () => {
    const text = annotationsOf(chart)['meridian/service.json'] ?? '';
    const pod = { MERIDIAN_INSTANCE: `${name}-7c5d9c7f9b-x2x4z`, MERIDIAN_ZONE: 'zone-a' };
    const configuration = parseConfiguration(text, 'service.json', pod);
    expect(configuration).toMatchObject({
      service: name,
      zone: 'zone-a',
      spiffeId: `spiffe://staging.meridian/ns/meridian/sa/${name}`,
    });
    const { noticeMs, graceMs } = configuration.drain;
    expect(template.spec.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(noticeMs + graceMs);
    expect(graceMs).toBeGreaterThan(configuration.limits.defaultDeadlineMs);
  });

  test('binds it to every declared call and store, to the collector, and to nothing else', () => {
    const bound = container.volumeMounts.flatMap(
      ({ mountPath }) => /^\/run\/meridian\/bindings\/(.*)$/.exec(mountPath)?.[1] ?? [],
    );
    const service = graph.services.find((candidate) => candidate.name === name);
    const usesKafka = graph.topics.some(({ publishers, consumers }) =>
      [...publishers, ...consumers].includes(name),
    );
    expect(bound.toSorted()).toEqual(
      [
        ...graph.calls.filter(({ from }) => from === name).map(({ to }) => to),
        ...(service?.stores ?? []).map(({ binding }) => binding),
        ...(usesKafka ? ['kafka'] : []),
        'telemetry',
        ...graph.externals
          .filter(({ users }) => users.includes(name))
          .map((external) => externalBindingName(external.name)),
      ].toSorted(),
    );
  });

  test('leads each call to the Service and the identity of the callee', () => {
    const told = annotationsOf(chart);
    for (const { to } of graph.calls.filter(({ from }) => from === name)) {
      const callee = charts.get(to) ?? {};
      const service = objectsOf<Service>(callee, 'Service').find(
        ({ metadata }) => metadata.name === to,
      );
      expect(service?.spec.clusterIP).toBe('None');
      expect(told[`meridian/${to}.type`]).toBe('grpc');
      expect(told[`meridian/${to}.uri`]).toBe(
        `dns:///${to}.meridian.svc.cluster.local:${service?.spec.ports[0]?.port}`,
      );
      const { spiffeId } = JSON.parse(annotationsOf(callee)['meridian/service.json'] ?? '') as {
        readonly spiffeId: string;
      };
      expect(told[`meridian/${to}.spiffe-id`]).toBe(spiffeId);
    }
  });

  test('has both Services that the Rollout switches, at the port that the process listens on', () => {
    const services = objectsOf<Service>(chart, 'Service');
    const { activeService, previewService } = rolloutOf(chart).spec.strategy.blueGreen;
    expect(services.map(({ metadata }) => metadata.name)).toEqual([activeService, previewService]);
    const configuration = annotationsOf(chart)['meridian/service.json'] ?? '';
    const { listen, ops, metrics } = JSON.parse(configuration) as Readonly<
      Record<'listen' | 'ops' | 'metrics', { readonly port: number }>
    >;
    expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([
      listen.port,
      ops.port,
      metrics.port,
    ]);
    for (const { spec } of services) {
      expect(spec.ports.map(({ targetPort }) => targetPort)).toEqual([container.ports[0]?.name]);
    }
    expect(objectsOf(chart, 'ServiceAccount').map(({ metadata }) => metadata.name)).toEqual([
      template.spec.serviceAccountName,
    ]);
  });

  test('mounts every volume once, read-only, and needs no ConfigMap', () => {
    const { volumes } = template.spec;
    expect(container.volumeMounts.map((mount) => mount.name)).toEqual(
      volumes.map((volume) => volume.name),
    );
    expect(new Set(volumes.map((volume) => volume.name)).size).toBe(volumes.length);
    expect(container.volumeMounts.every(({ readOnly }) => readOnly)).toBe(true);
    const needed = volumes.filter(
      ({ configMap }) => configMap !== undefined && !configMap.optional,
    );
    expect(needed).toEqual([]);
  });

  test('grows by CPU and by queue depth within the scale of the graph', () => {
    const scale = graph.services.find((service) => service.name === name)?.scale;
    expect(only(objectsOf<ScaledObject>(chart, 'ScaledObject')).spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name },
      minReplicaCount: scale?.minReplicas,
      maxReplicaCount: scale?.maxReplicas,
      triggers: [
        { type: 'cpu' },
        // Without an answer nothing is known: CPU alone asks for more, and nobody takes any away.
        { type: 'prometheus', metadata: { ignoreNullValues: 'false', authModes: 'tls' } },
      ],
    });
  });

  test('names its image by digest alone', () => {
    expect(container.image).toBe(`registry.example/meridian/${name}@unresolved`);
  });

  test('gives every object the labels that it should have, and no namespace', () => {
    const kinds = ['Rollout', 'Service', 'ServiceAccount', 'NetworkPolicy'];
    const objects = kinds.flatMap((kind) => objectsOf(chart, kind));
    expect(objects).toHaveLength(5);
    const version = /^version: (.*)$/m.exec(chart['Chart.yaml'] ?? '')?.[1] ?? '';
    for (const { metadata } of objects) {
      expect(metadata).not.toHaveProperty('namespace');
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/name': name,
        'app.kubernetes.io/part-of': 'meridian',
        'app.kubernetes.io/managed-by': 'Helm',
        'helm.sh/chart': `${name}-${version.replace('+', '_')}`,
      });
      for (const value of Object.values(metadata.labels)) {
        expect(value).toMatch(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
      }
    }
  });

  test('selects by labels that no release changes', () => {
    const selectors = [
      ...withDefaults(chart).matchAll(/(?:selector|matchLabels):\n((?: +\S+: .*\n)+)/g),
    ];
    expect(selectors.length).toBeGreaterThan(5);
    for (const [, labels] of selectors) {
      expect(labels).not.toMatch(
        /app\.kubernetes\.io\/version|helm\.sh\/chart|template-hash|release-role/,
      );
    }
  });

  test('leaves digest, replicas, resources and heap open and nothing else', () => {
    const leaves = (value: unknown, path: string): readonly string[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, below]) => leaves(below, `${path}.${key}`))
        : [path];
    const open = leaves(parse(chart['values.yaml'] ?? ''), '.Values').toSorted();
    expect(open).toEqual([
      '.Values.heapMiB',
      '.Values.image.digest',
      '.Values.replicas.max',
      '.Values.replicas.min',
      '.Values.resources.limits.cpu',
      '.Values.resources.limits.memory',
      '.Values.resources.requests.cpu',
      '.Values.resources.requests.memory',
    ]);
    const used = Object.values(chart).flatMap((text) => text.match(/\.Values\.[a-zA-Z.]+/g) ?? []);
    expect([...new Set(used)].toSorted()).toEqual(open);
  });

  test('holds no secret: passwords and keys are in Secrets that it only names', () => {
    expect(objectsOf(chart, 'Secret')).toEqual([]);
    expect(Object.values(chart).join('\n')).not.toMatch(/PRIVATE KEY|password|stringData/i);
    expect(container.env.map((variable) => variable.name).toSorted()).toEqual([
      'MALLOC_MMAP_THRESHOLD_',
      'MERIDIAN_INSTANCE',
      'MERIDIAN_SERVICE_FILE',
      'MERIDIAN_ZONE',
      'NODE_ENV',
      'SERVICE_BINDING_ROOT',
    ]);
  });
});

test('no two services mount the same Secret', () => {
  const secrets = lowered.services.flatMap((service) =>
    service.secrets.map(({ secret }) => secret),
  );
  expect(new Set(secrets).size).toBe(secrets.length);
});
