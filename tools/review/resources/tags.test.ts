import { expect, test } from '@jest/globals';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { entriesOf } from '../report/entry.ts';
import { resourceFindings } from './resource-findings.ts';

type Tags = Readonly<Record<string, string>>;

const topic = (
  name: string,
  before: Tags,
  after: Tags,
  { own = 'tagsAll', type = 'aws:sns/topic:Topic' } = {},
): StepMetadata => {
  return {
    ...{ op: 'update', urn: `urn:pulumi:prod::meridian::${type}::${name}`, type },
    old: { inputs: { [own]: before } },
    new: { inputs: { [own]: after } },
  };
};

/** With those that a rule asks for. */
const ASKED = { Project: 'meridian', Stack: 'prod', ManagedBy: 'pulumi' };
const ALL = { ...ASKED, Team: 'shop' };

test('a tag that their provider adds no more is one note for all of its resources, with how many they are', () => {
  const names = Array.from({ length: 130 }, (_none, place) => `topic-${String(place + 100)}`);
  const steps = names.map((name) => topic(name, ALL, ASKED));
  const findings = resourceFindings(steps);
  expect(findings).toEqual([
    {
      ...{ kind: 'object-changed', subject: 'tags', among: 'tags', property: 'tag Team' },
      ...{ before: 'shop', after: 'none' },
      consequence: 'costs are told apart by them, and nothing runs otherwise',
      follows: names.map((name) => `Topic ${name}`),
    },
  ]);
  const [entry] = entriesOf(
    findings.map((finding) => ({ ...finding, level: 'note' as const })),
    'few',
  );
  expect(entry?.phrase).toBe(
    'tags: tag Team (+130: Topic topic-100, Topic topic-101, Topic topic-102 and 127 more)',
  );
});

test('what differs of tags is told by its values, of one resource by itself', () => {
  const told = (...steps: readonly StepMetadata[]) =>
    resourceFindings(steps).map(({ subject, property, before, after }) => [
      subject,
      property,
      before,
      after,
    ]);
  expect(told(topic('a', ALL, { ...ALL, Team: 'edge' }))).toEqual([
    ['Topic a', 'tag Team', 'shop', 'edge'],
  ]);
  expect(told(topic('a', ALL, { ...ASKED, Stack: 'live' }))).toEqual([
    ['Topic a', 'tags', 'Stack=prod, Team=shop', 'Stack=live'],
  ]);
  // Whatever else is told of every field of it.
  expect(told(topic('a', ALL, ASKED, { type: 'aws:appautoscaling/target:Target' }))).toEqual([
    ['Target a', 'tag Team', 'shop', 'none'],
  ]);
  // The same tag with other values is another change.
  expect(
    told(topic('a', ALL, { ...ALL, Team: 'edge' }), topic('b', ALL, { ...ALL, Team: 'data' })),
  ).toHaveLength(2);
});
