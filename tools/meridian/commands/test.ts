import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { runChecks, type Totals } from '../checks.ts';
import { installEngines, type Engines, type InstallationOptions } from '../installation.ts';
import { jestCacheFolder, runJest, suitesNamed, type Campaign } from '../jest-run.ts';
import { folderDigest, LongRun } from '../long-run.ts';
import { programFolder } from '../places.ts';

/** Options of `npm test`. */
export interface TestOptions {
  readonly long?: boolean;
  readonly cluster?: boolean;
}

/**
 * Runs the static checks and all tests, or the suites that are named; the last line is
 * `N passed, N failed` of the real totals.
 *
 * @param names parts of the paths of suites
 * @throws {CodedError} SUITE_UNKNOWN
 */
export async function test(names: readonly string[], options: TestOptions): Promise<number> {
  const campaign = campaignOf(options);
  const all = campaign === 'long' || names.length > 0;
  const suites = all ? await suitesNamed(campaign, names) : [];
  if (all && suites.length === 0) {
    throw new CodedError(
      'SUITE_UNKNOWN',
      `Suite '${names.join("', '")}': must be part of the path of a test file, got none that fits; leave it out to run them all`,
    );
  }
  const engines = await installEngines({ quiet: false, ...enginesFor(options) });
  const checks = campaign === undefined && names.length === 0;
  const checked = checks ? await runChecks() : { passed: 0, failed: 0 };
  const tested =
    campaign === 'long'
      ? await runLong(suites, names.length === 0, engines)
      : await runJest(campaign, suites, engines);
  const passed = checked.passed + tested.passed;
  const failed = checked.failed + tested.failed;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && tested.passed > 0 ? 0 : 1;
}

/** What the tests need; a control plane stands on no engine of the local landing. */
export function enginesFor(options: TestOptions): Omit<InstallationOptions, 'quiet'> {
  const campaign = campaignOf(options);
  return campaign === 'cluster' ? { cluster: true, only: [] } : { charts: campaign === undefined };
}

function campaignOf({ long, cluster }: TestOptions): Campaign | undefined {
  if (cluster === true) return 'cluster';
  return long === true ? 'long' : undefined;
}

/**
 * One suite after the other, each with the machine to itself. A run of all of them that was interrupted,
 * or in which some failed, goes on with those that have not passed.
 */
async function runLong(
  suites: readonly string[],
  goesOn: boolean,
  engines: Engines,
): Promise<Totals> {
  const memory = new LongRun(
    path.join(jestCacheFolder(), 'long-run.json'),
    folderDigest(programFolder),
  );
  let [passed, failed] = [0, 0];
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
  }
  if (goesOn && failed === 0) memory.forget();
  return { passed, failed };
}
