import { spawn } from 'node:child_process';
import path from 'node:path';
import { generatedCodeIsCurrent } from './generated-code.ts';
import { programFolder } from './places.ts';

/** One static check: its outcome counts as one test. */
export interface Check {
  readonly name: string;
  /** Empty when all is well, else what to show. */
  readonly findings: () => Promise<string>;
}

/** Every static check of the repository, cheapest first. */
export const checks: readonly Check[] = [
  {
    name: 'contracts are lint-clean (buf lint)',
    findings: () => tool('@bufbuild/buf/bin/buf', ['lint']),
  },
  { name: 'generated code is what the contracts give', findings: generatedCodeIsCurrent },
  {
    name: 'every file is formatted (prettier)',
    findings: () => tool('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  },
  {
    name: 'import boundaries hold (dependency-cruiser)',
    findings: () =>
      tool('dependency-cruiser/bin/dependency-cruiser.mjs', [
        ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long'],
        ...['components', 'infra', 'jobs', 'language', 'providers', 'services', 'stacks'],
        ...['tests', 'tools'],
      ]),
  },
  {
    name: 'types hold (tsc)',
    findings: () =>
      tool('typescript/bin/tsc', [
        '--project',
        'tsconfig.json',
        '--incremental',
        'false',
        '--tsBuildInfoFile',
        'null',
      ]),
  },
  {
    name: 'code is lint-clean (eslint)',
    findings: () => tool('eslint/bin/eslint.js', ['--max-warnings=0', '.']),
  },
];

/** Runs a tool of node_modules with the project's Node.js; its output is the finding if it fails. */
async function tool(script: string, args: readonly string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [path.join(programFolder, 'node_modules', script), ...args],
      { cwd: programFolder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
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
