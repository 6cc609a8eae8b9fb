import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addCustomResources } from './harness/controllers.ts';
import { driftOf } from './harness/drift.ts';
import type { FoundDrift } from './harness/drift.ts';
import { applyManifests, readManifests } from './harness/manifests.ts';
import { installStandIn } from './harness/sample-chart.ts';
import { addGround, NAMESPACE, renderedCharts } from './harness/staging.ts';
import type { RenderedStack } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** A chart of others, of which there is a stand-in: what counts is how Helm keeps account of it. */
const CHART = 'trust-manager';
const CHART_ROLE = {
  apiVersion: RBAC,
  kind: 'ClusterRole',
  metadata: { name: CHART },
  rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
};

/** Nobody has changed anything in the first test; then people have, and drift is asked once. */
describe('drift of a cluster', () => {
  let cluster: TestCluster;
  let stack: RenderedStack;
  /** How many objects are declared, that of the chart included. */
  let declared = 0;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await addCustomResources(cluster);
    stack = await addGround(cluster);
    const nouns = readdirSync(stack.manifests).toSorted();
    const { refusals } = await applyManifests(cluster, stack.manifests, nouns);
    if (refusals !== '') throw new Error(refusals);
    const chart = renderedCharts(stack).find(({ name }) => name === CHART);
    if (chart === undefined) throw new Error(`The stack does not install '${CHART}'`);
    const objects = [CHART_ROLE];
    await installStandIn(cluster, { ...chart, objects });
    const manifests = nouns.flatMap((noun) => readManifests(join(stack.manifests, noun)));
    declared = manifests.length + objects.length;
  });
  afterAll(async () => {
    await cluster.stop();
  });

  test('finds none in a stack that nobody has touched, but what is not installed', async () => {
    const { compared, objects, undeclared, unlisted, charts } = await driftOf(cluster.kubeconfig);
    expect({ objects, undeclared, unlisted }).toEqual({
      objects: [],
      undeclared: [],
      unlisted: [],
    });
    expect(compared).toBe(declared);
    expect(new Set(charts.map(({ drift }) => drift))).toEqual(new Set(['missing']));
    expect(charts.map(({ chart }) => chart)).toContain('cert-manager');
    expect(charts.map(({ chart }) => chart)).not.toContain(CHART);
  });

  describe('after edits by hand', () => {
    let found: FoundDrift;

    const kubectl = async (...args: readonly string[]): Promise<void> => {
      await cluster.kubectl(`--namespace=${NAMESPACE}`, ...args);
    };
    const patch = async (object: string, ...operations: readonly object[]): Promise<void> => {
      await kubectl('patch', object, '--type=json', `--patch=${JSON.stringify(operations)}`);
    };

    beforeAll(async () => {
      await patch('resourcequota/meridian', {
        op: 'replace',
        path: '/spec/hard/pods',
        value: '999',
      });
      await patch('networkpolicy/catalog', { op: 'add', path: '/spec/ingress/-', value: {} });
      await patch('role/rollout-healthy-catalog', { op: 'remove', path: '/rules/0/resourceNames' });
      await kubectl(
        ...['patch', 'serviceaccount/catalog', '--type=merge'],
        `--patch=${JSON.stringify({ imagePullSecrets: [{ name: 'beside' }] })}`,
      );
      await kubectl('delete', 'poddisruptionbudget/catalog');
      await kubectl('create', 'role', 'beside', '--verb=get', '--resource=secrets');
      await kubectl(
        ...['create', 'clusterrolebinding', 'beside', '--clusterrole=cluster-admin'],
        `--serviceaccount=${NAMESPACE}:catalog`,
      );
      // Not all who edit do so with kubectl.
      const manager = '--field-manager=dashboard';
      await kubectl('label', 'namespace', NAMESPACE, 'beside=yes', manager);
      await patch(`clusterrole/${CHART}`, {
        op: 'add',
        path: '/rules/0/verbs/-',
        value: 'delete',
      });
      found = await driftOf(cluster.kubeconfig);
    });

    const byHand = (manager: string) => ({ manager, at: expect.stringMatching(/^\d{4}-/) });

    test('fails, and has nothing else to say', () => {
      const { exitCode, objects, undeclared, unlisted } = found;
      expect([exitCode, objects.length, undeclared.length, unlisted]).toEqual([1, 7, 2, []]);
    });

    test.each([
      [
        'changed',
        'ResourceQuota',
        'meridian',
        {
          drift: 'changed',
          fields: [
            {
              field: 'spec.hard.pods',
              declared: expect.any(String),
              found: '999',
              by: byHand('kubectl-patch'),
            },
          ],
        },
      ],
      [
        'appended to a list',
        'NetworkPolicy',
        'catalog',
        {
          drift: 'changed',
          declaredBy: 'services',
          fields: [
            {
              field: expect.stringMatching(/^spec\.ingress\[\d+\]$/),
              found: {},
              by: byHand('kubectl-patch'),
            },
          ],
        },
      ],
      [
        'removed',
        'Role',
        'rollout-healthy-catalog',
        {
          drift: 'changed',
          fields: [
            {
              field: 'rules[0].resourceNames',
              declared: ['catalog'],
              by: byHand('kubectl-patch'),
            },
          ],
        },
      ],
      [
        'added to what is declared',
        'ServiceAccount',
        'catalog',
        {
          drift: 'changed',
          fields: [
            {
              field: 'imagePullSecrets',
              found: [{ name: 'beside' }],
              by: byHand('kubectl-patch'),
            },
          ],
        },
      ],
      ['deleted', 'PodDisruptionBudget', 'catalog', { drift: 'missing' }],
      [
        'added to the labels of a namespace',
        'Namespace',
        NAMESPACE,
        {
          drift: 'changed',
          fields: [{ field: 'metadata.labels.beside', found: 'yes', by: byHand('dashboard') }],
        },
      ],
      [
        'appended in an object of a chart of others',
        'ClusterRole',
        CHART,
        {
          drift: 'changed',
          declaredBy: `chart ${CHART}`,
          fields: [{ field: 'rules[0].verbs[1]', found: 'delete', by: byHand('kubectl-patch') }],
        },
      ],
    ])('names what was %s', (_what, kind, name, drift) => {
      expect(
        found.objects.find(({ object }) => object.kind === kind && object.name === name),
      ).toMatchObject(drift);
    });

    test.each([
      ['RBAC of a namespace', 'Role', { namespace: NAMESPACE }],
      ['rights over the whole cluster', 'ClusterRoleBinding', {}],
    ])('names what was added beside: %s', (_what, kind, place) => {
      expect(found.undeclared).toContainEqual({
        object: { apiVersion: RBAC, kind, name: 'beside', ...place },
        by: byHand('kubectl-create'),
      });
    });
  });
});
