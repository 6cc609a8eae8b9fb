import { costOfSteps } from '../cost/cost-of-steps.ts';
import { costText, dollars } from '../cost/cost-text.ts';
import type { MonthlyCost, UnpricedPart } from '../cost/monthly-cost.ts';
import { readPrices } from '../cost/prices.ts';
import type { StepMetadata } from '../meridian/rehearsal/engine-events.ts';
import type { Finding } from './finding.ts';

/** What a change does to a month's bill. */
export interface CostReview {
  readonly findings: readonly Finding[];
  /** What is said of costs besides: the whole sum, and what it is without. */
  readonly said: string;
}

/** From so much more on somebody has to have meant it: a tenth. */
const MORE = 1.1;

/** What a month costs before and after a change, by the resources on both sides. */
export function costReview(stack: string, steps: readonly StepMetadata[]): CostReview {
  const prices = readPrices();
  const [before, after] = [costOfSteps(steps, 'old', prices), costOfSteps(steps, 'new', prices)];
  if (before === undefined && after === undefined) {
    return { findings: [], said: 'COST: nothing of this stack has a price' };
  }
  return {
    findings: changeOf(stack, before, after),
    said: `A MONTH: ${after === undefined ? 'nothing any more' : costText(after, prices.gathered)}`,
  };
}

function changeOf(
  stack: string,
  before: MonthlyCost | undefined,
  after: MonthlyCost | undefined,
): readonly Finding[] {
  const [old, now] = [before?.cents ?? 0, after?.cents ?? 0];
  const unpriced = newIn(before?.without, after?.without);
  if (before === undefined || (old === now && unpriced.length === 0)) return [];
  const difference = `${now < old ? '-' : '+'}${dollars(Math.abs(now - old))}`;
  const parts = differing(before, after);
  return [
    {
      kind: now >= old * MORE || unpriced.length > 0 ? 'cost-up' : 'cost-changed',
      subject: `stack ${stack}`,
      among: 'stacks',
      property: 'a month',
      before: `at least ${dollars(old)}`,
      after: `at least ${dollars(now)}`,
      consequence: [
        ...(old === now
          ? []
          : [`${difference} a month${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`]),
        ...(unpriced.length === 0
          ? []
          : [`${old === now ? 'by' : 'and by'} what has no price here: ${unpriced.join(', ')}`]),
      ].join(', '),
    },
  ];
}

/** What makes most of the difference, by what is paid for. */
function differing(before: MonthlyCost, after: MonthlyCost | undefined): readonly string[] {
  const parts = [...new Set([...before.lines, ...(after?.lines ?? [])].map(({ what }) => what))];
  const centsIn = (cost: MonthlyCost | undefined, wanted: string): number =>
    cost?.lines.find(({ what }) => what === wanted)?.cents ?? 0;
  return parts
    .map((what) => ({ what, cents: centsIn(after, what) - centsIn(before, what) }))
    .filter(({ cents }) => cents !== 0)
    .toSorted((one, other) => Math.abs(other.cents) - Math.abs(one.cents))
    .slice(0, 3)
    .map(({ what, cents }) => `${what} ${cents < 0 ? '-' : '+'}${dollars(Math.abs(cents))}`);
}

/** What has no price and was not there before, each once. */
function newIn(
  before: readonly UnpricedPart[] = [],
  after: readonly UnpricedPart[] = [],
): readonly string[] {
  return after.map(({ what }) => what).filter((what) => !before.some((one) => one.what === what));
}
