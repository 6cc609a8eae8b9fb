import { readFileSync } from 'node:fs';
import path from 'node:path';
import { programFolder } from './places.ts';
import type { SuiteCost } from './suite-cost.ts';

/** CPU seconds that suites may take. */
export interface SuiteBudgets {
  /** Of each suite that has no line of its own. */
  readonly floor: number;
  readonly suites: Readonly<Record<string, number>>;
}

/** Where they are, below the program. */
export const budgetsFile = 'tests/budget.json';

/** From this many times its budget on a suite fails the run; machines differ by less. */
const FAILS_AT = 3;
/** What a new budget leaves for machines that are busier than the one that measured. */
const HEADROOM = 1.2;

/** Reads the budgets of the program. */
export function readBudgets(): SuiteBudgets {
  return JSON.parse(readFileSync(path.join(programFolder, budgetsFile), 'utf8')) as SuiteBudgets;
}

/** What the costs of a run say beside the budgets. */
export interface Verdict {
  /** A note for each suite that took more than its budget. */
  readonly marks: ReadonlyMap<string, string>;
  /** What to say of those that took so much that the run fails. */
  readonly failures: readonly string[];
}

/** Holds what suites took against their budgets. */
export function judge(costs: readonly SuiteCost[], { floor, suites }: SuiteBudgets): Verdict {
  const marks = new Map<string, string>();
  const failures: string[] = [];
  for (const { suite, cpuSeconds } of costs) {
    const budget = suites[suite] ?? floor;
    if (cpuSeconds <= budget) continue;
    marks.set(suite, `over its budget of ${budget} CPU s`);
    if (cpuSeconds < FAILS_AT * budget) continue;
    failures.push(
      `Suite '${suite}': must take less than ${FAILS_AT} times its budget of ${budget} CPU seconds, took ${cpuSeconds.toFixed(1)}; make it cheaper, or change ${budgetsFile} and say in the commit what the seconds buy`,
    );
  }
  return { marks, failures };
}

/** The sum of the lines, and how many suites share the floor. */
export function sumOf({ floor, suites }: SuiteBudgets, all: readonly string[]): string {
  const lines = Object.values(suites);
  const others = all.filter((suite) => suites[suite] === undefined).length;
  const sum = lines.reduce((total, budget) => total + budget, 0);
  return `Budget: ${sum} CPU s for ${lines.length} suites, up to ${floor} for each of ${others} others`;
}

/** Budgets as a run of all suites measured them; those of a part replace those of its suites alone. */
export function budgetsFrom(
  before: SuiteBudgets,
  costs: readonly SuiteCost[],
  whole: boolean,
): SuiteBudgets {
  const measured = new Set(costs.map(({ suite }) => suite));
  const kept = Object.entries(before.suites).filter(([suite]) => !whole && !measured.has(suite));
  const lines = costs
    .map(({ suite, cpuSeconds }) => [suite, Math.ceil(cpuSeconds * HEADROOM)] as const)
    .filter(([, budget]) => budget > before.floor);
  const sorted = [...kept, ...lines].sort(([left], [right]) => (left < right ? -1 : 1));
  return { floor: before.floor, suites: Object.fromEntries(sorted) };
}
