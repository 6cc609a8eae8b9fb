import { expect, test } from '@jest/globals';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { compareOperations } from '../digest/compare-operations.ts';
import { operationsOf } from '../digest/planned-operation.ts';
import { deployApproved } from './deploy-approved.ts';
import type { Approval } from './deploy-approved.ts';

const step = (
  op: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): StepMetadata => ({
  op,
  urn: `urn:pulumi:staging::meridian::kubernetes:core/v1:ConfigMap::${name}`,
  type: 'kubernetes:core/v1:ConfigMap',
  new: { inputs },
});

const REVIEWED = [step('update', 'shop', { data: { a: '2' } }), step('same', 'other', {})];
const APPROVED = `sha256:${'9'.repeat(64)}`;
const APPROVAL: Approval = {
  stack: 'staging',
  approved: APPROVED,
  digest: APPROVED,
  operations: operationsOf(REVIEWED),
};

/** A deployment whose providers say these steps. */
function deploymentThatSays(steps: readonly StepMetadata[]) {
  const done: string[] = [];
  return {
    done,
    preview: () => {
      done.push('preview');
      return Promise.resolve(steps);
    },
    up: () => {
      done.push('up');
      return Promise.resolve();
    },
  };
}

test('what was approved is deployed', async () => {
  const deployment = deploymentThatSays(REVIEWED);
  await deployApproved(APPROVAL, deployment, () => undefined);
  expect(deployment.done).toEqual(['preview', 'up']);
});

test('a tree that is not what was approved asks nobody', async () => {
  const deployment = deploymentThatSays(REVIEWED);
  const digest = `sha256:${'a'.repeat(64)}`;
  await expect(
    deployApproved({ ...APPROVAL, digest }, deployment, () => undefined),
  ).rejects.toThrow(
    `Approval '${APPROVED}': must be of what this tree does to stack 'staging', which is ${digest}`,
  );
  expect(deployment.done).toEqual([]);
});

test('a program that is not the same twice is not deployed', async () => {
  const { stack, approved, operations } = APPROVAL;
  const unstable = { stack, approved, operations };
  const deployment = deploymentThatSays(REVIEWED);
  await expect(deployApproved(unstable, deployment, () => undefined)).rejects.toThrow(
    'which is not the same twice',
  );
  expect(deployment.done).toEqual([]);
});

const OTHERWISE: readonly (readonly [what: string, steps: readonly StepMetadata[]])[] = [
  ['an operation that was not reviewed', [...REVIEWED, step('delete', 'database', {})]],
  ['another value than the one that was reviewed', [step('update', 'shop', { data: { a: '3' } })]],
  [
    'another operation than the one that was reviewed',
    [step('replace', 'shop', { data: { a: '2' } })],
  ],
];

test.each(OTHERWISE)('%s is drift, which is refused', async (_what, steps) => {
  const deployment = deploymentThatSays(steps);
  const told: string[] = [];
  await expect(deployApproved(APPROVAL, deployment, (line) => told.push(line))).rejects.toThrow(
    /1 operations must be those that were reviewed.*add --accept sha256:[0-9a-f]{64}/,
  );
  expect(told.filter((line) => line.startsWith('DRIFT'))).toHaveLength(1);
  expect(deployment.done).toEqual(['preview']);
});

test('drift is told with what was approved and what would be', async () => {
  const deployment = deploymentThatSays([
    step('update', 'shop', { data: { a: '3', b: '\u001b[2K' } }),
  ]);
  const told: string[] = [];
  await expect(deployApproved(APPROVAL, deployment, (line) => told.push(line))).rejects.toThrow();
  expect(told).toContain(
    String.raw`DRIFT  urn:pulumi:staging::meridian::kubernetes:core/v1:ConfigMap::shop: approved update, would update (data.a: "2" → "3", data.b: nothing → "\u001b[2K")`,
  );
});

test('drift is deployed once it is accepted by its digest, and not by that of another', async () => {
  const steps = [...REVIEWED, step('delete', 'database', {})];
  const { digest } = compareOperations(APPROVAL.operations, operationsOf(steps));
  const deployment = deploymentThatSays(steps);
  await deployApproved({ ...APPROVAL, accepted: digest ?? '' }, deployment, () => undefined);
  expect(deployment.done).toEqual(['preview', 'up']);
  const other = deploymentThatSays([...REVIEWED, step('delete', 'topic', {})]);
  await expect(
    deployApproved({ ...APPROVAL, accepted: digest ?? '' }, other, () => undefined),
  ).rejects.toThrow('nothing was deployed');
  expect(other.done).toEqual(['preview']);
});

test('an accepted drift that is not there any more is refused, too', async () => {
  const deployment = deploymentThatSays(REVIEWED);
  await expect(
    deployApproved({ ...APPROVAL, accepted: APPROVED }, deployment, () => undefined),
  ).rejects.toThrow('got none; nothing was deployed. Leave --accept out');
  expect(deployment.done).toEqual(['preview']);
});
