import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addCustomResources } from './harness/controllers.ts';
import type { PulumiRun } from './harness/deployed-stack.ts';
import { startDeployment, type Deployment } from './harness/deployment.ts';
import { addWhatIsNeeded } from './harness/needed.ts';

const ZONE = ['--selector', 'topology.kubernetes.io/zone=zone-c'];

/** What of CloudNativePG's, and which Gateway API, somebody else has left there. */
const CLUSTERS = 'clusters.postgresql.cnpg.io';
const GATEWAYS = 'gateways.gateway.networking.k8s.io';
const BUNDLE = 'gateway.networking.k8s.io/bundle-version';

/** One cluster, which lacks all that can be taken away, then has it. */
describe('a cluster that is not as it has to be', () => {
  let deployment: Deployment;
  let added: AsyncDisposable | undefined;

  const kubectl = (...args: readonly string[]) => deployment.cluster.kubectl(...args);
  const namespaces = async (): Promise<readonly string[]> =>
    (await deployment.cluster.api.list('/api/v1/namespaces')).map(({ metadata }) => metadata.name);

  beforeAll(async () => {
    deployment = await startDeployment(false);
    await kubectl('cordon', ...ZONE);
    await kubectl('delete', 'crd', CLUSTERS);
    await kubectl('annotate', '--overwrite', 'crd', GATEWAYS, `${BUNDLE}=v1.4.0`);
  });
  afterAll(async () => {
    await added?.[Symbol.asyncDispose]();
    await deployment[Symbol.asyncDispose]();
  });

  const inCluster = ({ resources }: PulumiRun['report']) =>
    resources.filter(({ type }) => type.startsWith('kubernetes:'));

  const problems = [
    "Zone 'c': a node of 'zone-c' must be ready and take pods",
    'StorageClass: one must be the default, got none at all',
    "DNS: a pod of namespace 'kube-system' must have the labels",
    'Metrics API: metrics.k8s.io/v1beta1 must be served, got 404',
    "Operator 'cloudnative-pg': its definitions must serve Cluster of postgresql.cnpg.io/v1",
    "Operator 'envoy-gateway': its definitions must be of 1.6, got v1.4.0",
  ];

  test.each(['preview', 'up'] as const)(
    'is told all of it by %s, and gets nothing',
    async (command) => {
      const { exitCode, errors, report } = await deployment.stack.run(command);
      const told = errors.join('\n');
      expect(exitCode).not.toBe(0);
      expect(problems.filter((problem) => !told.includes(problem))).toEqual([]);
      expect(told.match(/has a problem/g)).toHaveLength(problems.length);
      expect(inCluster(report)).toEqual([]);
      expect(await namespaces()).not.toContain('meridian');
    },
  );

  test('is taken when all is there', async () => {
    added = await addWhatIsNeeded(deployment.cluster);
    await kubectl('uncordon', ...ZONE);
    await kubectl('annotate', '--overwrite', 'crd', GATEWAYS, `${BUNDLE}=v1.6.1`);
    await addCustomResources(deployment.cluster, ['cloudnative-pg']);
    const { errors, warnings, report } = await deployment.stack.run('preview');
    expect([...errors, ...warnings].filter((told) => told.includes('cluster-check'))).toEqual([]);
    expect(inCluster(report).length).toBeGreaterThan(100);
  });

  test('may be away in a preview, and not in an update', async () => {
    await deployment.stack.succeed(
      'config',
      'set',
      'kubernetes:context',
      'nowhere',
      '--stack',
      'staging',
    );
    const preview = await deployment.stack.run('preview');
    expect(preview.warnings.join('\n')).toContain(
      'The cluster was not checked. CLUSTER_NOT_REACHED',
    );
    const update = await deployment.stack.run('up');
    expect(update.exitCode).not.toBe(0);
    expect(update.errors.join('\n')).toContain("context must be one of 'test', got 'nowhere'");
  });
});
