import { expect, test } from '@jest/globals';
import { queryView } from './query-view.ts';

test('what is not a number is a gap, in JSON too', async () => {
  const points = [
    [60, 1.5],
    [75, Number.NaN],
    [90, Number.POSITIVE_INFINITY],
  ] as const;
  const metrics = {
    now: () => Promise.resolve([]),
    exemplars: () => Promise.resolve([]),
    over: () => Promise.resolve([{ labels: {}, points }]),
  };
  const { series } = await queryView(metrics, { text: 'up', spanSeconds: 60, nowMs: 120_000 });
  expect(series).toEqual([
    {
      labels: {},
      points: [
        [60, 1.5],
        [75, null],
        [90, null],
      ],
    },
  ]);
});
