import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { affectedSuites } from '../affected-suites.ts';
import { changedFiles } from '../changed-files.ts';
import { runChecks, type Totals } from '../checks.ts';
import { installEngines, type Engines } from '../installation.ts';
import {
  jestCacheFolder,
  runJest,
  suitesNamed,
  suitesThatImport,
  type JestTotals,
} from '../jest-run.ts';
import { folderDigest, LongRun } from '../long-run.ts';
import { programFolder } from '../places.ts';
import { readBudgets, sumOf, type SuiteBudgets } from '../suite-budgets.ts';
import { costTable, type SuiteCost } from '../suite-cost.ts';
import { campaignOf, enginesFor, refuseTwoRuns, type TestOptions } from '../test-options.ts';
import { outcomeOf, type Outcome } from '../test-outcome.ts';

/** How many suites the table at the end shows. */
const TABLE_ROWS = 15;

/**
 * Runs the static checks and all tests, the suites that are named, or the checks and the suites that a
 * change can affect; the last line is `N passed, N failed` of the real totals.
 *
 * @param names parts of the paths of suites
 * @throws {CodedError} SUITE_UNKNOWN, REVISION_UNKNOWN, TEST_OPTION_UNUSABLE
 */
export async function test(names: readonly string[], options: TestOptions): Promise<number> {
  refuseTwoRuns(names, options);
  const campaign = campaignOf(options);
  const suites = await chosenSuites(names, options);
  const engines = await installEngines({ quiet: false, ...enginesFor(names, options) });
  // Beside the tests: they wait for servers more than they need both cores.
  const checking = campaign === undefined && names.length === 0 ? runChecks() : nothing;
  const tested =
    campaign === 'long'
      ? await runLong(suites ?? [], names.length === 0, engines)
      : suites?.length === 0
        ? { ...(await nothing), suites: [], costs: [], failures: [] }
        : await runJest(campaign, suites ?? [], engines, options.all);
  const checked = await checking;
  const budgets = campaign === undefined ? readBudgets() : undefined;
  const withoutSuites = suites?.length === 0;
  const outcome = outcomeOf({ checked, tested, budgets, withoutSuites });
  if (budgets !== undefined) await showCosts(tested.costs, budgets, outcome);
  showSkipped(tested.costs);
  for (const failure of [...tested.failures, ...outcome.failures]) {
    process.stdout.write(`FAILED  ${failure}\n`);
  }
  process.stdout.write(`${outcome.passed} passed, ${outcome.failed} failed\n`);
  return outcome.exitCode;
}

const nothing: Promise<Totals> = Promise.resolve({ passed: 0, failed: 0 });

/** Undefined for all of them. */
async function chosenSuites(
  names: readonly string[],
  options: TestOptions,
): Promise<readonly string[] | undefined> {
  const campaign = campaignOf(options);
  if (options.changed !== undefined) return await changedSuites(options.changed);
  if (campaign !== 'long' && names.length === 0) return undefined;
  const suites = await suitesNamed(campaign, names);
  if (suites.length > 0) return suites;
  throw new CodedError(
    'SUITE_UNKNOWN',
    `Suite '${names.join("', '")}': must be part of the path of a test file, got none that fits; leave it out to run them all`,
  );
}

async function changedSuites(revision: string | true): Promise<readonly string[]> {
  const { since, files } = changedFiles(programFolder, revision);
  const all = await suitesNamed(undefined, []);
  const { suites, reasons } = await affectedSuites(files, all, suitesThatImport);
  process.stdout.write(
    `Changed since ${since}: ${files.length} files, which can affect ${suites.length} of ${all.length} suites\n`,
  );
  for (const reason of reasons) process.stdout.write(`  ${reason}\n`);
  return suites;
}

/** Shows what the suites took. */
async function showCosts(
  costs: readonly SuiteCost[],
  budgets: SuiteBudgets,
  { marks }: Outcome,
): Promise<void> {
  const file = path.join(jestCacheFolder(), 'suite-costs.json');
  writeFileSync(file, `${JSON.stringify(costs)}\n`);
  const lines = [
    costTable(costs, { rows: TABLE_ROWS, marks }),
    sumOf(budgets, await suitesNamed(undefined, [])),
    `All of them: ${file}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function showSkipped(costs: readonly SuiteCost[]): void {
  const names = costs.flatMap(({ suite, skipped }) => skipped.map((name) => `${suite}: ${name}`));
  if (names.length === 0) return;
  process.stdout.write(
    `${names.length} skipped:${names.map((name) => `\n        ${name}`).join('')}\n`,
  );
}

/**
 * One suite after the other, each with the machine to itself. A run of all of them that was interrupted,
 * or in which some failed, goes on with those that have not passed.
 */
async function runLong(
  suites: readonly string[],
  goesOn: boolean,
  engines: Engines,
): Promise<JestTotals> {
  const memory = new LongRun(
    path.join(jestCacheFolder(), 'long-run.json'),
    folderDigest(programFolder),
  );
  let [passed, failed] = [0, 0];
  const [ran, failures]: [string[], string[]] = [[], []];
  const costs: SuiteCost[] = [];
  for (const suite of suites) {
    const before = goesOn ? memory.passedIn(suite) : undefined;
    if (before !== undefined) {
      process.stderr.write(`Goes on: ${suite} has passed before (${before})\n`);
      passed += before;
      continue;
    }
    const totals = await runJest('long', [suite], engines);
    if (totals.failed === 0) memory.note(suite, totals.passed);
    passed += totals.passed;
    failed += totals.failed;
    ran.push(...totals.suites);
    costs.push(...totals.costs);
    failures.push(...totals.failures);
  }
  if (goesOn && failed === 0) memory.forget();
  return { passed, failed, suites: ran, costs, failures };
}
