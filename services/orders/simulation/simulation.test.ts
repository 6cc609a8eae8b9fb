import { expect, test } from '@jest/globals';
import { simulate } from './simulate.ts';
import { BUGS } from './world.ts';

const SEEDS = Array.from({ length: 500 }, (_, index) => index + 1);

test('whatever is lost, repeated, late or crashes, every order ends whole, and money and stock are conserved', () => {
  const runs = SEEDS.map((seed) => ({ seed, ...simulate(seed) }));
  const broken = runs.filter(({ violations }) => violations.length > 0);
  expect(broken.map(({ seed, violations }) => `seed ${seed}: ${violations[0]}`)).toEqual([]);
  // Not by never selling anything.
  const ends = runs.flatMap((run) => run.ends);
  for (const end of ['confirmed', 'cancelled']) {
    expect(ends.filter((each) => each === end).length).toBeGreaterThan(ends.length / 10);
  }
});

test('a seed is the same run again', () => {
  expect(simulate(7, { traces: true })).toEqual(simulate(7, { traces: true }));
});

test.each(BUGS)('%s is caught', (bug) => {
  expect(SEEDS.some((seed) => simulate(seed, { bug }).violations.length > 0)).toBe(true);
});
