import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { admittedWithRole } from '@meridian/components/aws/admitted-with-role.ts';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { TestCluster } from './harness/test-cluster.ts';

/** One real API server: what it makes of a rule in CEL. */
let cluster: TestCluster;

let made = 0;
const pod = (serviceAccountName: string, env: readonly object[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `pod-${String((made += 1))}`, namespace: 'shop' },
  spec: {
    serviceAccountName,
    containers: [{ name: 'one', image: 'example/one', ...(env.length > 0 ? { env } : {}) }],
  },
});

const PODS = '/api/v1/namespaces/shop/pods';

beforeAll(async () => {
  cluster = await TestCluster.start();
  const { api } = cluster;
  await api.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop' },
  });
  for (const name of ['keeper', 'other']) {
    await api.create('/api/v1/namespaces/shop/serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name },
    });
  }
  const rules = admittedWithRole('sample', [{ namespace: 'shop', serviceAccount: 'keeper' }]);
  for (const rule of rules) {
    const kind =
      rule.kind === 'ValidatingAdmissionPolicy'
        ? 'validatingadmissionpolicies'
        : 'validatingadmissionpolicybindings';
    await api.create(`/apis/admissionregistration.k8s.io/v1/${kind}`, rule);
  }
}, 120_000);

afterAll(async () => {
  await cluster.stop();
});

test('a pod whose role EKS does not know yet is refused, and let in with it', async () => {
  // The API server learns of a rule some moments after it is made.
  const refused = async (): Promise<string> =>
    await cluster.api.create(PODS, pod('keeper')).then(() => 'let in', String);
  await eventually(refused, (answer) => answer !== 'let in');
  expect(await refused()).toContain('EKS has not given the pod the role of its ServiceAccount yet');
  await expect(
    cluster.api.create(PODS, pod('keeper', [{ name: 'COLOUR', value: 'red' }])),
  ).rejects.toThrow('has not given the pod');
  const given = { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23' };
  await expect(cluster.api.create(PODS, pod('keeper', [given]))).resolves.toBeDefined();
  await expect(cluster.api.create(PODS, pod('other'))).resolves.toBeDefined();
});
