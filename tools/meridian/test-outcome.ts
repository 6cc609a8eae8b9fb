import type { Totals } from './checks.ts';
import type { JestTotals } from './jest-run.ts';
import { judge, type SuiteBudgets } from './suite-budgets.ts';

/** What a run has done. */
export interface Run {
  readonly checked: Totals;
  readonly tested: JestTotals;
  /** What its suites may take; undefined for a campaign, whose suites have no budgets. */
  readonly budgets: SuiteBudgets | undefined;
  /** That there was no suite to run; a run of suites without any test fails. */
  readonly withoutSuites: boolean;
}

/** What it comes to. */
export interface Outcome extends Totals {
  /** A note for each suite that took more than its budget. */
  readonly marks: ReadonlyMap<string, string>;
  /** What failed beside checks and tests, a line each; `failed` counts them too. */
  readonly failures: readonly string[];
  readonly exitCode: 0 | 1;
}

/** Puts together checks, tests, and what the suites took beside what they may take. */
export function outcomeOf({ checked, tested, budgets, withoutSuites }: Run): Outcome {
  const { marks, failures: overBudget } = judge(tested.costs, budgets ?? WITHOUT_LIMIT);
  const failures = [...overBudget, ...unmeasured(tested)];
  const failed = checked.failed + tested.failed + failures.length;
  return {
    passed: checked.passed + tested.passed,
    failed,
    marks,
    failures,
    exitCode: failed === 0 && (tested.passed > 0 || withoutSuites) ? 0 : 1,
  };
}

const WITHOUT_LIMIT: SuiteBudgets = { floor: Number.POSITIVE_INFINITY, suites: {} };

/** Without its cost a suite would keep every budget. */
function unmeasured({ suites, costs }: JestTotals): readonly string[] {
  const measured = new Set(costs.map(({ suite }) => suite));
  return suites
    .filter((suite) => !measured.has(suite))
    .map(
      (suite) =>
        `Suite '${suite}': must be measured while it runs, got no cost; see that tests/costs/measured-environment.js is its environment and writes one`,
    );
}
