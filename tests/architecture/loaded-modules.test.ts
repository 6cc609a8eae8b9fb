import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.dirname(path.dirname(import.meta.dirname));

/** Written again with UPDATE_GOLDENS=1, as goldens are. */
const RECORD = path.join(import.meta.dirname, 'loaded-modules.json');

/** How many modules each process loads, and how far it may be from that. */
interface Recorded {
  readonly tolerancePercent: number;
  readonly modules: Readonly<Record<string, number>>;
}

/** What count-modules.ts is told; of a program, the stack that Pulumi would run it for. */
const PROCESSES: Readonly<Record<string, readonly [kind: string, given: string]>> = {
  'the service catalog': ['process', 'services/catalog/main.ts'],
  'the program on local': ['program', 'local'],
  'the program on staging': ['program', 'staging'],
};

const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as Recorded;

/** The files that a process loads before it begins its work. */
function loadedModules(kind: string, given: string): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-modules-'));
  try {
    const output = path.join(folder, 'modules.json');
    const program = path.join(import.meta.dirname, 'count-modules.ts');
    const env = { PATH: process.env['PATH'] };
    execFileSync(process.execPath, [program, output, kind, given], {
      cwd: root,
      env,
      stdio: 'pipe',
    });
    return JSON.parse(readFileSync(output, 'utf8')) as readonly string[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The packages with the most modules, so that a jump is seen to come from one. */
function largest(modules: readonly string[]): string {
  const packageOf = (file: string): string =>
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'ours';
  return [...Map.groupBy(modules, packageOf)]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .slice(0, 6)
    .map(([name, files]) => `${name} ${files.length}`)
    .join(', ');
}

test.each(Object.entries(PROCESSES))(
  '%s loads about as many modules as were recorded',
  (name, [kind, given]) => {
    const modules = loadedModules(kind, given);
    const before = recorded.modules[name] ?? 0;
    process.stdout.write(
      `${name}: ${modules.length} modules (recorded: ${before}); ${largest(modules)}\n`,
    );
    if (process.env['UPDATE_GOLDENS'] === '1') {
      const { tolerancePercent, modules: others } = JSON.parse(
        readFileSync(RECORD, 'utf8'),
      ) as Recorded;
      const value = { tolerancePercent, modules: { ...others, [name]: modules.length } };
      writeFileSync(RECORD, `${JSON.stringify(value, null, 2)}\n`);
      return;
    }
    const tolerance = (before * recorded.tolerancePercent) / 100;
    expect(Math.abs(modules.length - before)).toBeLessThanOrEqual(tolerance);
  },
  120_000,
);
