import { costOfSteps } from '../cost/cost-of-steps.ts';
import { costText, dollars, unpricedText } from '../cost/cost-text.ts';
import type { KindSum, MonthlyCost, UnpricedPart } from '../cost/monthly-cost.ts';
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
  if (before === undefined) return [];
  const change = { subject: `stack ${stack}`, among: 'stacks', property: 'a month' } as const;
  const unpricedRegion = [before, after].find((one) => one?.isPriced === false)?.region;
  if (unpricedRegion !== undefined && after !== undefined && before.isPriced !== after.isPriced) {
    return [
      {
        ...change,
        kind: 'cost-up',
        ...{ before: sumText(before, []), after: sumText(after, []) },
        consequence: `what it comes to is known once npm run prices -- --region ${unpricedRegion} was run`,
      },
    ];
  }
  const apart = incomparable(before, after);
  const kinds = new Set(apart.map(({ kind }) => kind));
  const cents = comparedCents(after, kinds) - comparedCents(before, kinds);
  const told = new Set(apart.flatMap(({ now }) => now?.unpriced ?? []));
  const unpriced = newIn(before.without, after?.without).filter((what) => !told.has(what));
  const amounts = otherAmounts(before.without, after?.without);
  if (cents === 0 && apart.length === 0 && unpriced.length === 0 && amounts.length === 0) return [];
  const isUp =
    (cents > 0 && before.cents + cents >= before.cents * MORE) ||
    unpriced.length > 0 ||
    amounts.some(({ was, is }) => is > was) ||
    apart.some(({ now }) => now !== undefined);
  const parts = differing(before, after, kinds);
  const more = `${signed(cents)} a month${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
  return [
    {
      ...change,
      kind: isUp ? 'cost-up' : 'cost-changed',
      before: sumText(
        before,
        apart.map(({ kind, old }) => ({ kind, sum: old })),
      ),
      after: sumText(
        after,
        apart.map(({ kind, now }) => ({ kind, sum: now })),
      ),
      // First what nobody can tell, as a report cuts what is long.
      consequence: [
        ...amounts.map(({ what, was, is }) => `${what}, which has no price here: ${was} → ${is}`),
        ...apart.map(({ kind, old, now }) => `${kind}: ${sideText(old)} → ${sideText(now)}`),
        ...(cents === 0 ? [] : [apart.length === 0 ? more : `besides ${more}`]),
        ...(unpriced.length === 0
          ? []
          : [
              `${cents === 0 && apart.length === 0 ? 'by' : 'and by'} what has no price here: ${unpriced.join(', ')}`,
            ]),
      ].join(', '),
    },
  ];
}

/** A kind of part of which something has no price on one side that has one, or is not there, on the other. */
interface Incomparable {
  readonly kind: string;
  readonly old: KindSum | undefined;
  readonly now: KindSum | undefined;
}

/** What was not there before and has no price is told by its name. */
function incomparable(
  before: MonthlyCost,
  after: MonthlyCost | undefined,
): readonly Incomparable[] {
  const of = (cost: MonthlyCost | undefined, wanted: string): KindSum | undefined =>
    cost?.kinds.find(({ kind }) => kind === wanted);
  return before.kinds
    .map(({ kind }) => ({ kind, old: of(before, kind), now: of(after, kind) }))
    .filter(({ old, now }) => (old?.unpriced ?? []).join() !== (now?.unpriced ?? []).join());
}

/** Cents of what can be subtracted. */
function comparedCents(cost: MonthlyCost | undefined, apart: ReadonlySet<string>): number {
  return (cost?.kinds ?? [])
    .filter(({ kind }) => !apart.has(kind))
    .reduce((sum, { cents }) => sum + cents, 0);
}

function sideText(sum: KindSum | undefined): string {
  if (sum === undefined) return 'nothing';
  if (sum.unpriced.length === 0) return dollars(sum.cents);
  return sum.cents === 0 ? 'not known' : `${dollars(sum.cents)} and what is not known`;
}

/** A side's sum, with what it lacks that the other side's has. */
function sumText(
  cost: MonthlyCost | undefined,
  apart: readonly { readonly kind: string; readonly sum: KindSum | undefined }[],
): string {
  if (cost?.isPriced === false) return unpricedText(cost.region);
  const lacking = apart.flatMap(({ kind, sum }) =>
    (sum?.unpriced ?? []).length > 0 ? [kind] : [],
  );
  const without = lacking.length === 0 ? '' : ` without ${lacking.join(', ')}`;
  return `at least ${dollars(cost?.cents ?? 0)}${without}`;
}

function signed(cents: number): string {
  return `${cents < 0 ? '-' : '+'}${dollars(Math.abs(cents))}`;
}

/** What makes most of the difference, by what is paid for. */
function differing(
  before: MonthlyCost,
  after: MonthlyCost | undefined,
  apart: ReadonlySet<string>,
): readonly string[] {
  const lines = [...before.lines, ...(after?.lines ?? [])].filter(({ kind }) => !apart.has(kind));
  const parts = [...new Set(lines.map(({ what }) => what))];
  const centsIn = (cost: MonthlyCost | undefined, wanted: string): number =>
    cost?.lines.find(({ what }) => what === wanted)?.cents ?? 0;
  return parts
    .map((what) => ({ what, cents: centsIn(after, what) - centsIn(before, what) }))
    .filter(({ cents }) => cents !== 0)
    .toSorted((one, other) => Math.abs(other.cents) - Math.abs(one.cents))
    .slice(0, 3)
    .map(({ what, cents }) => `${what} ${signed(cents)}`);
}

/** Of what has no price on both sides, how much there is of it, where that is another number. */
function otherAmounts(
  before: readonly UnpricedPart[] = [],
  after: readonly UnpricedPart[] = [],
): readonly { readonly what: string; readonly was: number; readonly is: number }[] {
  return before.flatMap(({ what, amount: was }) => {
    const is = after.find((one) => one.what === what)?.amount;
    // What the declaration does not say is not a number.
    const isKnown = [was, is].every((one) => one !== undefined && Number.isFinite(one));
    return was === undefined || is === undefined || !isKnown || was === is
      ? []
      : [{ what, was, is }];
  });
}

/** What has no price and was not there before, each once. */
function newIn(
  before: readonly UnpricedPart[] = [],
  after: readonly UnpricedPart[] = [],
): readonly string[] {
  return after.map(({ what }) => what).filter((what) => !before.some((one) => one.what === what));
}
