import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { cacheHome } from './cache-home.ts';
import type { Totals } from './checks.ts';
import { failedTests, type SuiteResult } from './failed-tests.ts';
import type { Engines } from './installation.ts';
import { programFolder } from './places.ts';
import { readCosts, SUITE_COSTS_FILE, type SuiteCost } from './suite-cost.ts';

/** Suites that run by themselves, without the checks and tests of every change. */
export type Campaign = 'cluster' | 'long';

interface JestResult {
  readonly numPassedTests: number;
  readonly testResults: readonly SuiteResult[];
}

/** Folder of what jest keeps between runs. */
export function jestCacheFolder(): string {
  return cacheHome('meridian-jest');
}

/** Suites whose paths below the program have one of the names in them; without names all of them. */
export async function suitesNamed(
  campaign: Campaign | undefined,
  names: readonly string[],
): Promise<readonly string[]> {
  const suites = await listedSuites(configOf(campaign));
  return suites.filter((suite) => names.length === 0 || names.some((name) => suite.includes(name)));
}

/** Suites that import one of the files, however far away. */
export async function suitesThatImport(files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  return await listedSuites(['--findRelatedTests', ...files]);
}

/**
 * What jest lists with these arguments.
 *
 * @throws {CodedError} COMMAND_FAILED, since no suites is what a change of nothing gives
 */
export async function listedSuites(args: readonly string[]): Promise<readonly string[]> {
  const listed: string[] = [];
  const said: string[] = [];
  const child = startJest(['--listTests', ...args], {}, 'pipe');
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => listed.push(chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => said.push(chunk));
  const end = await endOf(child);
  if (end !== 0) {
    throw new CodedError(
      'COMMAND_FAILED',
      `jest could not list the suites and ended with ${end}:\n${[...said, ...listed].join('').trim()}`,
    );
  }
  return listed
    .join('')
    .split('\n')
    .filter((file) => file !== '')
    .map((file) => path.relative(programFolder, file));
}

/** What came of the suites, and what each took. */
export interface JestTotals extends Totals {
  /** Every suite that ran, measured or not. */
  readonly suites: readonly string[];
  readonly costs: readonly SuiteCost[];
  /** What failed, a line each; a suite may have one of its own. */
  readonly failures: readonly string[];
}

/** Tells suites not to leave out what takes longer. */
const ALL_VARIABLE = 'MERIDIAN_TEST_ALL';

/** Runs suites; without any named, all of them. */
export async function runJest(
  campaign: Campaign | undefined,
  suites: readonly string[],
  engines: Engines,
  all = false,
): Promise<JestTotals> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-test-'));
  const outputFile = path.join(folder, 'result.json');
  try {
    const args = ['--ci', '--json', `--outputFile=${outputFile}`];
    const paths = suites.length === 0 ? [] : ['--runTestsByPath', ...suites];
    const costs = path.join(folder, 'costs');
    const environment = {
      ...engineEnvironment(engines),
      [SUITE_COSTS_FILE]: costs,
      ...(all ? { [ALL_VARIABLE]: 'true' } : {}),
    };
    await endOf(startJest([...configOf(campaign), ...args, ...paths], environment, 'stderr'));
    const result = JSON.parse(readFileSync(outputFile, 'utf8')) as JestResult;
    // A file that fails before its first test, or after its last, has no failed test to count.
    const failures = failedTests(result.testResults, programFolder);
    return {
      passed: result.numPassedTests,
      failed: failures.length,
      failures,
      suites: result.testResults.map(({ name }) => path.relative(programFolder, name)),
      costs: readCosts(costs),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configOf(campaign: Campaign | undefined): readonly string[] {
  return campaign === undefined ? [] : ['--config', `tests/${campaign}/jest.config.js`];
}

function startJest(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  output: 'pipe' | 'stderr',
): ReturnType<typeof spawn> {
  const command = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    path.join(programFolder, 'node_modules/jest/bin/jest.js'),
    `--cacheDirectory=${jestCacheFolder()}`,
  ];
  return spawn(process.execPath, [...command, ...args], {
    cwd: programFolder,
    // What jest tells people goes to standard error: they watch a run, and read a list only if it failed. What a
    // suite prints goes there too: of one that runs alone, such as a benchmark, it would be jest's own output.
    stdio: output === 'pipe' ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 'inherit'],
    // Tests are of the program that they are in, whichever clone this command was handed over from.
    env: { ...process.env, MERIDIAN_CLONE: undefined, ...environment },
  });
}

/** Its exit code, or the signal that ended it. */
async function endOf(child: ReturnType<typeof spawn>): Promise<number | string> {
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? String(signal)));
  });
}

/** How tests find the engines that were installed for them. */
function engineEnvironment(engines: Engines): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.values(engines).map(({ name, folder }) => [
      `MERIDIAN_${name.toUpperCase().replaceAll('-', '_')}_BIN`,
      path.join(folder, 'bin'),
    ]),
  );
}
