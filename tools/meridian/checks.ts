import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setPriority } from 'node:os';
import path from 'node:path';
import { cacheHome } from './cache-home.ts';
import { brokenContracts } from './contracts-image.ts';
import { generatedCodeIsCurrent } from './generated-code.ts';
import { programFolder } from './places.ts';

/** One static check: its outcome counts as one test. */
export interface Check {
  readonly name: string;
  /** Empty when all is well, else what to show. */
  readonly findings: () => Promise<string>;
}

/** How oxlint is called; `.oxlintrc.json` has its rules. */
export const LINT_OPTIONS: readonly string[] = [
  ...['--deny-warnings', '--report-unused-disable-directives', '--threads=2'],
];

/** Every static check of the repository, cheapest first. */
export const checks: readonly Check[] = [
  {
    name: 'contracts are lint-clean (buf lint)',
    findings: () => tool('@bufbuild/buf/bin/buf', ['lint']),
  },
  {
    name: 'contracts break nobody who has the earlier ones (buf breaking)',
    findings: brokenContracts,
  },
  { name: 'generated code is what the contracts give', findings: generatedCodeIsCurrent },
  {
    name: 'every file is formatted (prettier)',
    findings: () =>
      tool('prettier/bin/prettier.cjs', [
        ...['--check', '--log-level=warn', '--cache', '--cache-strategy', 'content'],
        ...['--cache-location', path.join(checksCache(), 'prettier'), '.'],
      ]),
  },
  {
    name: 'import boundaries hold (dependency-cruiser)',
    findings: () =>
      tool('dependency-cruiser/bin/dependency-cruiser.mjs', [
        ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long'],
        ...[
          '--cache',
          path.join(checksCache(), 'dependency-cruiser'),
          '--cache-strategy',
          'content',
        ],
        ...['components', 'infra', 'jobs', 'language', 'policies', 'providers', 'services'],
        ...['stacks', 'tests', 'tools', 'verifier'],
      ]),
  },
  {
    name: 'types hold and code is lint-clean (oxlint)',
    findings: () => tool('oxlint/bin/oxlint', LINT_OPTIONS),
  },
];

/** How much behind the tests the checks stand where both want a core (nice(2)). */
const LANE_PRIORITY = 10;

/**
 * What checks keep between runs, apart for each clone. A copy of the program that root has made of a
 * clone shares its folder.
 */
function checksCache(): string {
  const clone = process.env['MERIDIAN_CLONE'] ?? programFolder;
  const name = createHash('sha256').update(clone).digest('hex').slice(0, 12);
  return cacheHome(path.join('meridian-checks', name));
}

/** Runs a tool of node_modules with the project's Node.js; its output is the finding if it fails. */
async function tool(script: string, args: readonly string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [path.join(programFolder, 'node_modules', script), ...args],
      { cwd: programFolder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    if (child.pid !== undefined) setPriority(child.pid, LANE_PRIORITY);
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) =>
      resolve(code === 0 ? '' : output.trim() || `${script} ended with ${String(code)}`),
    );
  });
}

/** The outcome of a run over many checks or tests. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/** Runs every check, goes on after a failure, and prints a line each. */
export async function runChecks(): Promise<Totals> {
  let failed = 0;
  for (const { name, findings } of checks) {
    const startedAt = Date.now();
    const found = await findings();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (found === '') {
      process.stdout.write(`ok      ${name} (${seconds} s)\n`);
    } else {
      failed += 1;
      process.stdout.write(`FAILED  ${name} (${seconds} s)\n${found.replace(/^/gm, '        ')}\n`);
    }
  }
  return { passed: checks.length - failed, failed };
}
