import { expect, test } from '@jest/globals';
import { costsOf } from './telemetry-costs.ts';
import type { Round, Sample } from './telemetry-costs.ts';

const sample = (platformUs: number, p95Ms: number): Sample => ({
  ...{ platformUs, p95Ms, telemetryUs: 500, answered: 100, failed: 0 },
  ...{ processMiB: 60, telemetryMiB: 300, othersShare: 0.01 },
});

const round = (off: number, full: number, p95Ms: number): Round => ({
  off: sample(off, p95Ms),
  tenPercent: sample((off + full) / 2, p95Ms),
  full: sample(full, 2 * p95Ms),
  stuck: sample(full, 3 * p95Ms),
});

test('ratios are those of a round, and not of medians of different rounds', () => {
  const { variants, stuckP95Ratio } = costsOf([
    round(1_000, 1_100, 10),
    round(2_000, 2_200, 40),
    round(4_000, 4_800, 20),
  ]);
  expect(variants.map(({ variant, cpuRatio }) => [variant, cpuRatio])).toEqual([
    ['off', 1],
    ['tenPercent', 1.05],
    ['full', 1.1],
    ['stuck', 1.1],
  ]);
  expect(variants.find(({ variant }) => variant === 'full')).toMatchObject({
    ...{ platformUs: 2_200, p95Ms: 40, p95Ratio: 2 },
  });
  expect(stuckP95Ratio).toBe(1.5);
});

test('of two rounds the mean is taken', () => {
  const [off] = costsOf([round(1_000, 1_100, 10), round(3_000, 3_300, 10)]).variants;
  expect(off?.platformUs).toBe(2_000);
});
