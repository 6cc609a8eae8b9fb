import { describe, expect, test } from '@jest/globals';
import { cpuQuantity, memoryQuantity } from '../kubernetes/quantity.ts';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { renderManifests } from '../kubernetes/render-stack.ts';
import type { KubernetesSettings } from '../kubernetes/kubernetes-settings.ts';
import { withService } from '../model/testing/sample-platform.ts';
import { sampleCluster } from '../testing/sample-cluster.ts';

const manifestsOf = (stack = sampleCluster()): readonly ClusterObject[] =>
  stack.cluster.steps.flatMap(({ manifests = [] }) => manifests);
const named = (kind: string, name: string, stack = sampleCluster()) =>
  manifestsOf(stack).find((object) => object.kind === kind && object.metadata.name === name);

describe('the ground of a cluster', () => {
  test('holds every namespace to `restricted` but those that mount folders of their node', () => {
    const levels = manifestsOf()
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ metadata: { name, labels } }) => [
        name,
        labels?.['pod-security.kubernetes.io/enforce'],
      ]);
    expect(Object.fromEntries(levels)).toEqual({
      sample: 'restricted',
      data: 'restricted',
      watch: 'restricted',
      'node-logs': 'privileged',
      'cert-manager': 'restricted',
      'spiffe-driver': 'privileged',
      'strimzi-system': 'restricted',
      'cnpg-system': 'restricted',
      'elastic-system': 'restricted',
      keda: 'restricted',
      'argo-rollouts': 'restricted',
      edge: 'restricted',
    });
  });

  test('has room for two releases of every service at its largest, Jobs, what watches and a drain, and no more', () => {
    const scale = {
      minReplicas: 2,
      maxReplicas: 5,
      targetCpuPercent: 70,
      targetQueueDepth: 8,
      callsPerSecond: 10,
      cpuMillicores: 100,
      memoryMiB: 150,
    };
    const hard = (platform = withService('shelf', { scale })) =>
      (named('ResourceQuota', 'sample', sampleCluster({}, platform))?.['spec'] as { hard: object })
        .hard;
    // Two services of 20 replicas of 250m and 256 MiB and the changed one, each with one that a drain ends; a Job for each
    // of the three, a task, what asks engines and three probes.
    expect(hard()).toMatchObject({
      pods: String(2 * 41 + 11 + 3 + 1 + 2 * 4),
      'requests.cpu': cpuQuantity(2 * 41 * 250 + 11 * 100 + 3 * 50 + 250 + 2 * 4 * 20),
      'requests.memory': memoryQuantity(
        2 * 41 * 256 + 11 * 150 + 3 * 256 + 256 + 2 * 192 + 2 * 3 * 128,
      ),
    });
  });

  test('denies what no policy allows, in the namespaces of services, engines and telemetry', () => {
    const denied = manifestsOf().filter(({ metadata }) => metadata.name === 'default-deny');
    expect(denied.map(({ metadata }) => metadata.namespace)).toEqual([
      'sample',
      'data',
      'watch',
      'node-logs',
    ]);
    for (const { spec } of denied) {
      expect(spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'], ingress: [] });
    }
  });

  test('puts engines above services and services above what watches, and tasks last', () => {
    const value = (role: string) => named('PriorityClass', `sample-${role}`)?.['value'] as number;
    expect(value('engine')).toBeGreaterThan(value('service'));
    expect(value('service')).toBeGreaterThan(value('telemetry'));
    expect(value('telemetry')).toBeGreaterThan(value('task'));
  });

  test('installs every operator once, cert-manager before those that it certifies', () => {
    const stack = sampleCluster();
    const charts = Object.keys(renderManifests(stack))
      .filter((file) => file.includes('-release-') && !file.startsWith('observability/'))
      .map((file) => file.replace('.yaml', ''));
    expect(charts).toEqual([
      'cluster/3-release-cert-manager',
      'cluster/4-release-trust-manager',
      'cluster/4-release-cloudnative-pg',
      'cluster/4-release-strimzi',
      'cluster/4-release-eck-operator',
      'cluster/4-release-keda',
      'cluster/4-release-envoy-gateway',
      'certificates/7-release-csi-driver-spiffe',
      'certificates/7-release-argo-rollouts',
    ]);
  });

  test('leaves out operators that others have installed, with all that is theirs, and nothing else', () => {
    const numberless = (file: string) =>
      file.replace(/\d+-/, '').replace(/-[0-9a-f]{12}(?=\.yaml)/, '');
    const filesWith = (settings: Partial<KubernetesSettings>) =>
      Object.keys(renderManifests(sampleCluster(settings))).map(numberless);
    const whole = filesWith({});
    const installed = filesWith({ operators: 'installed' });
    expect(whole.filter((file) => !installed.includes(file))).toEqual([
      'cluster/namespace-cert-manager.yaml',
      'cluster/namespace-spiffe-driver.yaml',
      'cluster/namespace-cnpg-system.yaml',
      'cluster/namespace-strimzi-system.yaml',
      'cluster/namespace-elastic-system.yaml',
      'cluster/namespace-keda.yaml',
      'cluster/namespace-argo-rollouts.yaml',
      'cluster/namespace-edge.yaml',
      'cluster/resourcequota-spiffe-driver-sample.yaml',
      'cluster/release-cert-manager.yaml',
      'cluster/release-trust-manager.yaml',
      'cluster/release-cloudnative-pg.yaml',
      'cluster/release-strimzi.yaml',
      'cluster/release-eck-operator.yaml',
      'cluster/release-keda.yaml',
      'cluster/release-envoy-gateway.yaml',
      'certificates/release-csi-driver-spiffe.yaml',
      'certificates/release-argo-rollouts.yaml',
      ...['cert-manager', 'strimzi-system'].flatMap((namespace) =>
        ['role', 'rolebinding'].map(
          (kind) => `observability/${kind}-${namespace}-sample-collector.yaml`,
        ),
      ),
    ]);
    expect(installed.filter((file) => !whole.includes(file))).toEqual([]);
  });

  // 'operators: installed' on a stack that has them would take the keys of every authority down.
  test('protects namespaces and operators, with which keys, the edge and objects of their kinds go', () => {
    const { cluster, certificates } = sampleCluster();
    const steps = [...cluster.steps, ...certificates.steps];
    const open = steps
      .filter(({ protect }) => protect !== true)
      .flatMap(({ charts = [], manifests = [] }) => [
        ...charts.map(({ name }) => name),
        ...manifests
          .filter(({ kind }) => kind === 'Namespace')
          .map(({ metadata }) => metadata.name),
      ]);
    expect(open).toEqual([]);
    expect(steps.flatMap(({ charts = [] }) => charts).length).toBeGreaterThan(5);
  });

  test('leaves to nobody else who may reach brokers: what one policy allows no other denies', () => {
    const charts = sampleCluster().cluster.steps.flatMap((step) => step.charts ?? []);
    const strimzi = charts.find(({ name }) => name === 'strimzi');
    expect(strimzi?.values).toMatchObject({ generateNetworkPolicy: false });
  });

  test('has a quota wherever pods are of a class that clusters keep to their own namespaces', () => {
    const stack = sampleCluster();
    const charts = [stack.cluster, stack.certificates].flatMap(({ steps }) =>
      steps.flatMap((step) => step.charts ?? []),
    );
    const critical = charts.filter(({ values }) =>
      /"system-[a-z]+-critical"/.test(JSON.stringify(values)),
    );
    expect(critical.map(({ name }) => name)).toEqual(['csi-driver-spiffe']);
    for (const { namespace } of critical) {
      const quota = manifestsOf(stack).find(
        ({ kind, metadata }) => kind === 'ResourceQuota' && metadata.namespace === namespace,
      );
      expect(quota?.['spec']).toMatchObject({
        scopeSelector: {
          matchExpressions: [
            { scopeName: 'PriorityClass', operator: 'In', values: ['system-node-critical'] },
          ],
        },
      });
    }
  });

  test('pins every operator to an exact version', () => {
    const charts = sampleCluster().cluster.steps.flatMap((step) => step.charts ?? []);
    for (const { version } of charts) expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
  });
});
