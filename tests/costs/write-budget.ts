// `node tests/costs/write-budget.ts <costs.json> [--all]`: makes tests/budget.json from what a run of
// `npm test` has measured. With --all, suites that did not run lose their lines.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { budgetsFile, budgetsFrom, readBudgets } from '../../tools/meridian/suite-budgets.ts';
import type { SuiteCost } from '../../tools/meridian/suite-cost.ts';

const [file, ...flags] = process.argv.slice(2);
if (file === undefined) {
  throw new Error(`Give the file of costs that 'npm test' names at its end`);
}
const costs = JSON.parse(readFileSync(file, 'utf8')) as readonly SuiteCost[];
const budgets = budgetsFrom(readBudgets(), costs, flags.includes('--all'));
const target = path.resolve(import.meta.dirname, '../..', budgetsFile);
writeFileSync(target, `${JSON.stringify(budgets, undefined, 2)}\n`);
