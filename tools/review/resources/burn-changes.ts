import type { RecordRule } from './alert-rules.ts';
import type { Told } from './aspect.ts';

/** Records that say that a budget is spent too quickly, and what may fail of each. Source: components/observability/rules/budget.ts. */
const BURNING = /^slo:burning_(page|ticket):is_1$/;
const BUDGET = 'slo:error_budget:ratio';
const FACTOR = /> bool ([\d.]+) \* slo:error_budget:ratio/g;

type Records = ReadonlyMap<string, RecordRule>;

/**
 * How much faster than it is allowed a budget has to be spent before somebody is told: where that is more than all requests
 * can fail, nobody ever is.
 */
export function burnChanges(before: Records, after: Records): readonly Told[] {
  const budgets = [...after.values()]
    .filter(({ name }) => name === BUDGET)
    .flatMap(({ expression }) => numbersIn(expression, /\* 0 \+ ([\d.]+(?:e-?\d+)?)/g));
  return [...after].flatMap(([key, { name, expression }]) => {
    const [, severity] = BURNING.exec(name) ?? [];
    const former = before.get(key);
    if (severity === undefined || former === undefined) return [];
    const [was, is] = [former.expression, expression].map((text) => [
      ...new Set(numbersIn(text, FACTOR)),
    ]);
    if (was === undefined || is === undefined || former.expression === expression) return [];
    // Whatever else of it is another is told of all records.
    if (was.join() === is.join()) return [];
    const reached = (factors: readonly number[], budget: number): number =>
      factors.filter((factor) => factor * budget < 1).length;
    const isBlind = budgets.some((budget) => reached(is, budget) < reached(was, budget));
    const isLater =
      is.length < was.length || is.some((factor, index) => factor > (was[index] ?? 0));
    const isPage = severity === 'page';
    const [blind, later] = [isPage ? 'page-blind' : 'ticket-lost', 'alert-loosened'] as const;
    return [
      {
        kind: isBlind ? blind : isLater ? later : 'alert-changed',
        subject: `${isPage ? 'pages' : 'tickets'} on budgets`,
        among: 'alerts',
        property: 'times what is allowed',
        before: was.join(', '),
        after: is.join(', '),
        consequence: isBlind
          ? 'of some services not even all requests that fail are so many'
          : isLater
            ? 'they come later'
            : 'they come sooner',
      },
    ];
  });
}

/** Whether two expressions differ in how much faster a budget is spent alone, which is told. */
export function isOfFactors(before: string, after: string): boolean {
  const [was, is] = [before, after].map((text) => text.replaceAll(FACTOR, ''));
  return before !== after && was === is;
}

function numbersIn(text: string, pattern: RegExp): readonly number[] {
  return [...text.matchAll(pattern)].map(([, found]) => Number(found));
}
