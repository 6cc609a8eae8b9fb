import { expect, test } from '@jest/globals';
import { shownProperty } from './shown-property.ts';

test('a property that has room is shown as it is', () => {
  expect(shownProperty('who may ask')).toBe('who may ask');
});

test('of a way to a field or a file its end is shown', () => {
  const way = 'spec.kafka.template.kafkaContainer.config["allow.everyone.if.no.acl.found"]';
  expect(shownProperty(way, 50)).toBe('….config["allow.everyone.if.no.acl.found"]');
  expect(shownProperty(`spec.${'x'.repeat(100)}`, 40)).toBe(`…${'x'.repeat(39)}`);
});

test('of a list there are whole names, and how many there are besides', () => {
  const files = 'tools/meridian.mjs, tools/meridian/main.ts, tools/meridian/actions.ts and 4 more';
  expect(shownProperty(files, 60)).toBe('tools/meridian.mjs, tools/meridian/main.ts and 5 more');
  expect(shownProperty('Read topic a, Write topic b, Describe group c', 34)).toBe(
    'Read topic a and 2 more',
  );
  const way = `spec.template.spec.${'x'.repeat(60)}, spec.template.metadata and 9 more`;
  expect(shownProperty(way)).toBe(`…${'x'.repeat(45)} and 10 more`);
});

test('a long sentence is shown by its beginning, and nothing that deceives is shown at all', () => {
  expect(shownProperty(`provided that whose own it is ${'has signed in '.repeat(9)}`, 40)).toMatch(
    /^provided that whose own it i…\(\+\d+\)$/,
  );
  expect(shownProperty('a\u{202e}b')).toBe('a\\u{202e}b');
});
