import { Random } from '@meridian/catalog/seed/random.ts';
import { expect, test } from '@jest/globals';
import { Popularity } from './popularity.ts';

function counted(count: number, exponent: number, draws: number): readonly number[] {
  const popularity = new Popularity(count, exponent);
  const random = new Random(7);
  const counts = Array.from({ length: count }, () => 0);
  for (let draw = 0; draw < draws; draw += 1) {
    const rank = popularity.draw(random);
    counts[rank] = (counts[rank] ?? Number.NaN) + 1;
  }
  return counts;
}

test('a rank is drawn as often as its weight has it', () => {
  const draws = 100_000;
  const total = 1 + 1 / 2 + 1 / 3 + 1 / 4;
  counted(4, 1, draws).forEach((times, rank) => {
    // Five standard deviations of a binomial distribution, at most 0.8 of a percent.
    expect(Math.abs(times / draws - 1 / (rank + 1) / total)).toBeLessThan(0.008);
  });
});

test('without favourites all are drawn alike, and a single one always', () => {
  for (const times of counted(10, 0, 100_000)) expect(Math.abs(times - 10_000)).toBeLessThan(500);
  expect(counted(1, 1, 10)).toEqual([10]);
  expect(() => new Popularity(0, 1)).toThrow(RangeError);
});
