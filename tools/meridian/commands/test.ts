import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { runChecks, type Totals } from '../checks.ts';
import { installEngines, type Engines, type InstallationOptions } from '../installation.ts';
import { programFolder } from '../places.ts';

/** Options of `npm test`. */
export interface TestOptions {
  readonly long?: boolean;
  readonly cluster?: boolean;
}

/** Suites that run by themselves, without the checks and tests of every change. */
type Campaign = 'cluster' | 'long';

/**
 * Runs the static checks and all tests; the last line is `N passed, N failed` of the real totals.
 */
export async function test(options: TestOptions): Promise<number> {
  const campaign = campaignOf(options);
  const engines = await installEngines({ quiet: false, ...enginesFor(options) });
  const checked = campaign === undefined ? await runChecks() : { passed: 0, failed: 0 };
  const tested = await runJest(campaign, engines);
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

interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly unknown[];
    readonly status: string;
  }[];
}

async function runJest(campaign: Campaign | undefined, engines: Engines): Promise<Totals> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-test-'));
  const outputFile = path.join(folder, 'result.json');
  const cacheDirectory = path.join(
    process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
    'meridian-jest',
  );
  mkdirSync(cacheDirectory, { recursive: true });
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(
        process.execPath,
        [
          '--experimental-vm-modules',
          '--disable-warning=ExperimentalWarning',
          path.join(programFolder, 'node_modules/jest/bin/jest.js'),
          ...(campaign === undefined ? [] : ['--config', `tests/${campaign}/jest.config.js`]),
          ...['--ci', '--json', `--outputFile=${outputFile}`, `--cacheDirectory=${cacheDirectory}`],
        ],
        {
          cwd: programFolder,
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { ...process.env, ...engineEnvironment(engines) },
        },
      );
      child.on('error', reject);
      child.on('exit', () => resolve());
    });
    const result = JSON.parse(readFileSync(outputFile, 'utf8')) as JestResult;
    // A file that fails before its first test has no failed test to count.
    const broken = result.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    return { passed: result.numPassedTests, failed: result.numFailedTests + broken.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
