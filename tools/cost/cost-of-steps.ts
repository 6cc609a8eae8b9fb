import type { StepMetadata } from '../meridian/rehearsal/engine-events.ts';
import { monthlyCost } from './monthly-cost.ts';
import type { MonthlyCost } from './monthly-cost.ts';
import type { Prices } from './prices.ts';
import { resourcesOfSteps } from './resources-of-steps.ts';

/**
 * What a month of a stack costs before a preview or after it; undefined where nothing of it is charged for, or no provider says in
 * which region.
 */
export function costOfSteps(
  steps: readonly StepMetadata[],
  side: 'old' | 'new',
  prices: Prices,
): MonthlyCost | undefined {
  const { resources, region } = resourcesOfSteps(steps, side);
  return region === undefined ? undefined : monthlyCost(resources, region, prices);
}
