import { describe, expect, test } from '@jest/globals';
import { changesOf, describeChanges } from './last-changes.ts';
import type { EngineEvent } from './rehearsal/engine-events.ts';

const type = 'meridian-local:index:Process';
const running = { zone: 'a', spec: { name: 'web' }, state: 'running' };

function update(before: Readonly<Record<string, unknown>>): EngineEvent {
  const metadata = { op: 'update', urn: 'urn:x', type, old: { inputs: before } };
  return { resOutputsEvent: { metadata: { ...metadata, new: { inputs: running } } } };
}

const summary = (resourceChanges: Readonly<Record<string, number>>): EngineEvent => ({
  summaryEvent: { resourceChanges },
});

describe('what a start has done', () => {
  test('is nothing where all is as the program says', () => {
    const changes = changesOf([summary({ same: 50 })]);
    expect(describeChanges(changes)).toBe(
      'Nothing changed: all 50 resources are as the program says.',
    );
  });

  test('is told as a start of what had been stopped, which changes nothing', () => {
    const stopped = update({ ...running, state: 'stopped' });
    const changes = changesOf([stopped, stopped, summary({ same: 29, update: 2 })]);
    expect(describeChanges(changes)).toBe(
      'Started again: 2 agents and processes; changed: nothing; unchanged: 29.',
    );
  });

  test('is told as a change when it was stopped and something else differs, or it had failed', () => {
    const changes = changesOf([
      update({ ...running, state: 'stopped' }),
      update({ ...running, state: 'stopped', spec: { name: 'web', revision: '1' } }),
      update({ ...running, state: 'crash-looping' }),
      summary({ same: 1, update: 3, create: 4, delete: 0 }),
    ]);
    expect(describeChanges(changes)).toBe(
      'Started again: 1 agents and processes; changed: 2 update, 4 create; unchanged: 1.',
    );
    expect(describeChanges(changesOf([summary({ same: 1, update: 1 })]))).toBe(
      'Changed: 1 update; unchanged: 1.',
    );
  });
});
