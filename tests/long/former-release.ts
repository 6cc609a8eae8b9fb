import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../tools/engines/run.ts';
import { providePackages } from '../../tools/review/packages/provide-packages.ts';
import { reviewCache } from '../../tools/review/review-cache.ts';
import { layOutTree } from '../../tools/review/trees/lay-out-tree.ts';
import { CONTRACTING_MIGRATIONS } from '../architecture/contracting-migrations.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The release of a service before its newest migration, or why there is none to be tried. */
export type FormerRelease =
  | { readonly service: string; readonly migration: string; readonly commit: string }
  | { readonly service: string; readonly lacking: string };

/** Of each service with migrations, the release that a rollback over its newest one leads to. */
export function formerReleases(): readonly FormerRelease[] {
  const newest = new Map(
    globSync('services/*/migrations/*.sql', { cwd: root })
      .toSorted()
      .map((file) => [file.split('/')[1] ?? '', file]),
  );
  return [...newest].map(([service, migration]) => formerRelease(service, migration));
}

function formerRelease(service: string, migration: string): FormerRelease {
  const { formerRuns = true, why = '' } = CONTRACTING_MIGRATIONS[migration] ?? {};
  if (!formerRuns) return { service, lacking: `${path.basename(migration)}: ${why}` };
  const commit = commitBefore(migration);
  if (commit === '') {
    const lacking = `git tells of no commit before ${migration}; the clone needs its history (git fetch --unshallow)`;
    return { service, lacking };
  }
  return git('ls-tree', commit, path.dirname(migration)) === ''
    ? { service, lacking: 'no release had tables before its newest migration' }
    : { service, migration, commit };
}

/** The commit before the one that added a file; the newest, where none has it yet. */
function commitBefore(file: string): string {
  const isCommitted = git('ls-tree', 'HEAD', file) !== '';
  if (!isCommitted) return git('rev-parse', 'HEAD');
  const since = git('log', '--diff-filter=A', '--format=%H', '-1', '--', file);
  return since === '' ? '' : git('rev-parse', '--verify', '--quiet', `${since}^`);
}

/** What git says; nothing where there is no repository, or not as much of its history. */
function git(...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return '';
  }
}

/** How the tests of a service ended. */
export interface Ended {
  /** Tests that passed. */
  readonly passed: number;
  /** Titles of those that failed, and files that could not be loaded. */
  readonly failed: readonly string[];
}

/** Runs the tests of a service as that commit has them, on all migrations that the service has today. */
export async function runFormerTests(
  service: string,
  commit: string,
  folder: string,
): Promise<Ended> {
  const program = path.join(folder, 'program');
  const cache = reviewCache();
  const tree = await layOutTree(root, commit, cache);
  await providePackages(tree, root, cache);
  // What was laid out is for everybody who asks for it; this one is changed below.
  cpSync(tree.folder, program, { recursive: true, verbatimSymlinks: true });
  const migrations = `services/${service}/migrations`;
  rmSync(path.join(program, migrations), { recursive: true });
  // What is a link here leads to a file of the kit's, which the former release may have without what came later.
  cpSync(path.join(root, migrations), path.join(program, migrations), {
    recursive: true,
    dereference: true,
  });
  const report = path.join(folder, 'report.json');
  const jest = ['node_modules/jest/bin/jest.js', `services/${service}/`];
  try {
    await run({
      argv: [process.execPath, ...jest, '--json', `--outputFile=${report}`],
      cwd: program,
    });
  } catch (error) {
    if (!existsSync(report)) throw error;
  }
  return readReport(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
}

/** What is read of jest's report. Source: Jest 30, `--json`, FormattedTestResults */
interface JestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function readReport({ numPassedTests, testResults }: JestReport): Ended {
  const failed = testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, assertionResults }) => {
      const titles = assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName }) => fullName);
      return titles.length > 0 ? titles : [`cannot be loaded: ${name}`];
    });
  return { passed: numPassedTests, failed };
}
