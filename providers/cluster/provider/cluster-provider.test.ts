import { describe, expect, test } from '@jest/globals';
import { runtime } from '@pulumi/pulumi';
import { ClusterProvider } from './cluster-provider.ts';

const needs = {
  file: 'Pulumi.staging.yaml',
  kubernetes: { oldest: '1.35', newest: '1.36' },
  zones: [],
  dns: { pods: [], ports: [53] },
  operators: 'program',
  definitions: [],
};

/** A kubeconfig that leads nowhere, marked as a secret. */
const kubeconfig = {
  [runtime.specialSigKey]: runtime.specialSecretSig,
  value: 'apiVersion: v1\nkind: Config\nmarker: of-a-secret\n',
};

async function check(mayBeAway: boolean, olds: object = {}) {
  const warnings: string[] = [];
  const provider = new ClusterProvider('0.0.0', { warn: (_urn, text) => warnings.push(text) });
  const access = { mayBeAway, context: 'nowhere', kubeconfig };
  const checked = await provider.check('urn', { ...olds }, { ...needs, access });
  return { inputs: checked.inputs as unknown, failures: checked.failures, warnings };
}

describe('a check of a cluster that cannot be reached', () => {
  test('keeps nothing of the way to it', async () => {
    const { inputs } = await check(true);
    expect(inputs).toEqual(needs);
  });

  test('is a warning too where the cluster was taken for the same needs before', async () => {
    const { failures = [], warnings } = await check(false, needs);
    expect([failures.length, warnings.length]).toEqual([0, 1]);
    const other = await check(false, { ...needs, file: 'another' });
    expect([other.failures?.length, other.warnings.length]).toEqual([1, 0]);
  });

  test('is a warning in a preview, and fails an update', async () => {
    const preview = await check(true);
    expect(preview.failures).toEqual([]);
    expect(preview.warnings).toEqual([expect.stringMatching(/^The cluster was not checked\. C/)]);
    const update = await check(false);
    expect(update.warnings).toEqual([]);
    expect(update.failures).toEqual([
      { property: '', reason: expect.stringMatching(/^(CLIENT_MISSING|CLUSTER_NOT_REACHED): /) },
    ]);
    expect(JSON.stringify([preview, update])).not.toContain('of-a-secret');
  });
});
