import { mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Environment, Shown } from './environment.ts';
import { leftoversOf } from './leftovers.ts';
import { outcomeOf, PlatformUnderTest, programFolder } from './platform-under-test.ts';
import type { Outcome, Variables, Way } from './platform-under-test.ts';
import { copyProgram } from './program-copy.ts';

const COMMANDS: Readonly<Record<Shown, readonly string[]>> = {
  start: ['up'],
  preview: ['preview'],
  history: ['preview', '--stack', 'staging', '--base', 'HEAD'],
  doctor: ['doctor'],
};

/** Headers of an ordinary browser with a few cookies: more than some settings would let through. */
const LONG_HEADER = { cookie: `session=${'x'.repeat(4_000)}` };

/**
 * Runs a command in environments that are there at the same time, and throws what is not as it must
 * be. Whatever is started is removed again, by the command itself where it was a start.
 */
export async function runIn(environments: readonly Environment[], shown: Shown): Promise<void> {
  const platform = await PlatformUnderTest.create();
  try {
    const temporary = path.join(platform.home, 'tmp');
    mkdirSync(temporary);
    const program = programIn(environments, programFolderIn(environments, platform.home));
    const variables = { TMPDIR: temporary, ...variablesIn(environments, platform.home) };
    const shell = environments.map((one) => one.shell ?? '').join('\n');
    const run = async (args: readonly string[]): Promise<Outcome> =>
      await runBy(environments, platform, args, variables, { program, shell });

    const ports = shown === 'start' || shown === 'preview' ? platform.ports : [];
    judge(environments, await run([...COMMANDS[shown], ...ports]));
    if (shown === 'start') {
      const answer = await platform.request('GET', '/v1/products', { headers: LONG_HEADER });
      expect([answer.status, answer.body]).toEqual([200, expect.any(String)]);
      expect(openFiles(path.join(platform.home, '.local'))).toEqual([]);
      judge(environments, await run(['status']));
      judge(environments, await run(['destroy', '--yes']));
      expect(platform.processes()).toEqual([]);
    }
    expect(await leftoversOf(platform, temporary)).toEqual({
      processes: [],
      sockets: [],
      files: [],
    });
  } finally {
    await platform.dispose();
  }
}

/** Where the clone lies that environments ask for. */
export function programFolderIn(environments: readonly Environment[], home: string): string {
  const name = environments.map(({ folder }) => folder ?? '').join('');
  return path.join(home, `program ${name}`.trim());
}

/** The variables of all of them. */
export function variablesIn(environments: readonly Environment[], home: string): Variables {
  return Object.assign({}, ...environments.map((one) => one.variables?.(home))) as Variables;
}

async function runBy(
  environments: readonly Environment[],
  platform: PlatformUnderTest,
  args: readonly string[],
  variables: Variables,
  way: Way,
): Promise<Outcome> {
  const outputs = new Set(environments.map(({ output }) => output));
  if (outputs.has('terminal of 20 columns')) {
    // script(1) makes a terminal; what it runs is quoted for a shell.
    const terminal = `quoted=$(printf "'%s' " "$@")
set -- script --quiet --return --command "stty cols 20 rows 24; $quoted" /dev/null`;
    return await platform.run(args, variables, {
      ...way,
      shell: `${way.shell ?? ''}\n${terminal}`,
    });
  }
  const child = platform.spawn(args, variables, way);
  if (!outputs.has('reader that goes')) return await outcomeOf(child);
  const outcome = outcomeOf(child);
  child.stdout?.once('data', () => child.stdout?.destroy());
  return await outcome;
}

/** Throws what is not as it must be of a command that was run in environments. */
export function judge(environments: readonly Environment[], outcome: Outcome): void {
  const { code, stdout, stderr } = outcome;
  const printed = `exit code ${String(code)}\n${stdout}\n${stderr}`;
  if (/defect of Meridian|which is a bug|\n {4}at /.test(printed)) throw new Error(printed);
  const [refusal] = environments.flatMap((one) => one.refusal ?? []);
  if (refusal !== undefined && code !== 0) {
    expect(printed).toMatch(refusal);
    expect(printed).toMatch(/\[[A-Z]+(?:_[A-Z]+)+\]/);
  } else if (code !== 0) {
    throw new Error(printed);
  }
}

/** The clone that the environments ask for; the one that is tested where they ask for none. */
function programIn(environments: readonly Environment[], folder: string): string {
  const git = environments.flatMap((one) => one.git ?? [])[0];
  const linked = environments.some((one) => one.linked);
  if (git === undefined && !linked && environments.every((one) => one.folder === undefined)) {
    return programFolder;
  }
  copyProgram(folder, git);
  if (!linked) return folder;
  symlinkSync(folder, `${folder} linked`);
  return `${folder} linked`;
}

/** Files and folders that others may write. */
function openFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => (statSync(file).mode & 0o022) !== 0);
}
