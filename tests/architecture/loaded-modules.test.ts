import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compileCache } from '@meridian/provider-local/machine/compile-cache.ts';
import { CLUSTER, LOCAL } from '../../.dependency-cruiser.mjs';

const root = path.dirname(path.dirname(import.meta.dirname));

/** Written again with UPDATE_GOLDENS=1, as goldens are. */
const RECORD = path.join(import.meta.dirname, 'loaded-modules.json');

/** How many modules a process loads; our own apart, since packages are most of all. */
interface Counts {
  readonly all: number;
  readonly ours: number;
}

/** How many modules each process loads, and how far it may be from that. */
interface Recorded {
  readonly tolerancePercent: number;
  readonly modules: Readonly<Record<string, Counts>>;
}

/** What count-modules.ts is told; of a program, the stack that Pulumi would run it for. */
const PROCESSES: Readonly<Record<string, readonly [kind: string, given: string]>> = {
  'the service catalog': ['process', 'services/catalog/main.ts'],
  'the program on local': ['program', 'local'],
  'the program on staging': ['program', 'staging'],
};

const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as Recorded;

const seen = new Map<string, readonly string[]>();

/** The files that a process loads before it begins its work; it is started once. */
function loadedModules(name: string): readonly string[] {
  const modules = seen.get(name) ?? startAndLook(...(PROCESSES[name] ?? ['', '']));
  seen.set(name, modules);
  return modules;
}

function startAndLook(kind: string, given: string): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-modules-'));
  try {
    const output = path.join(folder, 'modules.json');
    const program = path.join(import.meta.dirname, 'count-modules.ts');
    const env = { PATH: process.env['PATH'], ...compileCache() };
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

const isOurs = (file: string): boolean => !file.includes('node_modules/');

/** The packages with the most modules, so that a jump is seen to come from one. */
function largest(modules: readonly string[]): string {
  const packageOf = (file: string): string =>
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? '';
  const packages = modules.filter((file) => !isOurs(file));
  return [...Map.groupBy(packages, packageOf)]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .slice(0, 5)
    .map(([name, files]) => `${name} ${files.length}`)
    .join(', ');
}

/** Puts the counts of one process in place of those that were recorded. */
function record(name: string, counts: Counts): void {
  const { tolerancePercent, modules } = JSON.parse(readFileSync(RECORD, 'utf8')) as Recorded;
  const value = { tolerancePercent, modules: { ...modules, [name]: counts } };
  writeFileSync(RECORD, `${JSON.stringify(value, null, 2)}\n`);
}

test.each(Object.keys(PROCESSES))(
  '%s loads about as many modules as were recorded, of packages and of ours',
  (name) => {
    const modules = loadedModules(name);
    const counts = { all: modules.length, ours: modules.filter(isOurs).length };
    const before = recorded.modules[name] ?? { all: 0, ours: 0 };
    // To standard error: npm test shows nothing else of a test that passes.
    process.stderr.write(
      `${name}: ${counts.all} modules (recorded: ${before.all}), ${counts.ours} of them ours (${before.ours}); ${largest(modules)}\n`,
    );
    if (process.env['UPDATE_GOLDENS'] === '1') {
      record(name, counts);
      return;
    }
    for (const which of ['all', 'ours'] as const) {
      const tolerance = (before[which] * recorded.tolerancePercent) / 100;
      const difference = Math.abs(counts[which] - before[which]);
      expect({ which, isNear: difference <= tolerance }).toEqual({ which, isNear: true });
    }
  },
  120_000,
);

describe('a program loads its own side, and no file of the other', () => {
  const here = new RegExp(`${LOCAL}|^providers/local/`);
  const cluster = new RegExp(`${CLUSTER}|^providers/rehearsal/`);

  test.each([
    ['local', here, cluster],
    ['staging', cluster, here],
  ])(
    'on %s',
    (stack, own, other) => {
      const ours = loadedModules(`the program on ${stack}`).filter(isOurs);
      expect(ours.filter((file) => own.test(file))).toContain(`stacks/${stack}.ts`);
      expect(ours.filter((file) => other.test(file))).toEqual([]);
    },
    120_000,
  );
});
