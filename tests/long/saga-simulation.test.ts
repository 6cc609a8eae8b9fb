import { expect, test } from '@jest/globals';
import { simulate } from '../../services/orders/simulation/simulate.ts';

const SEEDS = 100_000;

test(`of ${SEEDS} seeds none breaks a saga`, () => {
  const broken: string[] = [];
  for (let seed = 1; seed <= SEEDS && broken.length < 10; seed += 1) {
    const [violation] = simulate(seed).violations;
    if (violation !== undefined) broken.push(`seed ${seed}: ${violation}`);
  }
  expect(broken).toEqual([]);
}, 3_600_000);
