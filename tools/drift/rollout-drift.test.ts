import { describe, expect, test } from '@jest/globals';
import { rolloutDrift } from './rollout-drift.ts';
import type { ObservedRollout } from './rollout-drift.ts';

const RELEASE = '0.1.0+0123456789ab';

const healthy: ObservedRollout = {
  metadata: { name: 'catalog', generation: 7, annotations: { 'meridian/release': RELEASE } },
  status: {
    observedGeneration: '7',
    phase: 'Healthy',
    currentPodHash: '6f5d',
    stableRS: '6f5d',
  },
};

const answer = (rollouts: readonly ObservedRollout[]) =>
  rolloutDrift(new Map([['catalog', RELEASE]]), rollouts)[0];
const statusOf = (status: Partial<ObservedRollout['status']>): ObservedRollout => ({
  ...healthy,
  status: { ...healthy.status, ...status },
});

describe('rolloutDrift', () => {
  test('finds none where the release of the program serves', () => {
    expect(answer([healthy])).toEqual({ service: 'catalog', drift: 'none', detail: RELEASE });
  });

  test('names a service whose Rollout is not there', () => {
    expect(answer([])).toEqual({
      service: 'catalog',
      drift: 'missing',
      detail: `${RELEASE} is not deployed`,
    });
  });

  test.each([
    [{ abort: true, phase: 'Progressing' }],
    [{ phase: 'Degraded', message: 'RolloutAborted: metric failed', currentPodHash: '99aa' }],
  ])('says of a release that was given up which pods serve: %j', (status) => {
    expect(answer([statusOf(status)])).toMatchObject({
      drift: 'aborted',
      detail: expect.stringMatching(/6f5d serves$/),
    });
  });

  test.each([
    ['a specification that the controller has not seen', { observedGeneration: '6' }],
    ['a release that waits', { phase: 'Paused', message: 'BlueGreenPause' }],
    ['pods of another release that serve', { stableRS: '99aa' }],
  ])('calls it moving: %s', (_what, status) => {
    expect(answer([statusOf(status)])).toMatchObject({ drift: 'moving' });
  });

  test('tells a cluster that was deployed from another program', () => {
    const other = { ...healthy, metadata: { ...healthy.metadata, annotations: {} } };
    expect(answer([other])).toEqual({
      service: 'catalog',
      drift: 'another release',
      detail: `no release is deployed, this folder has ${RELEASE}`,
    });
  });
});
