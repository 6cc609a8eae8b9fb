import { readdirSync, readFileSync } from 'node:fs';
import { problemOf } from '../available-sandbox.ts';
import { runSandboxed } from '../run-sandboxed.ts';
import type { SandboxEnd } from '../run-sandboxed.ts';
import { DEFAULT_LIMITS } from '../sandbox-spec.ts';
import type { Mount, SandboxLimits } from '../sandbox-spec.ts';
import { SANDBOX_WAYS } from '../sandboxed.ts';
import type { SandboxWay } from '../sandboxed.ts';

/** Ways that this machine has: unshare always, or the suite fails; bubblewrap where it is installed. */
export const WAYS: readonly SandboxWay[] = SANDBOX_WAYS.filter(
  (way) => way === 'unshare' || problemOf(way) === undefined,
);

/** What a script may be given. */
export interface ScriptOptions {
  readonly mounts?: readonly Mount[];
  readonly writable?: readonly Mount[];
  readonly limits?: Partial<SandboxLimits>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a script ended, and what it printed. */
export interface ScriptEnd extends SandboxEnd {
  readonly stdout: string;
  readonly stderr: string;
}

const NODE = '/meridian/node';

/** Runs a script of Node.js in a sandbox. */
export async function sandboxedScript(
  script: string,
  way: SandboxWay,
  { mounts = [], writable = [], limits = {}, environment = {} }: ScriptOptions = {},
): Promise<ScriptEnd> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const run = runSandboxed(
    {
      command: [NODE, '--input-type=module', '--eval', script],
      workingDirectory: '/tmp',
      environment,
      readOnly: [{ from: process.execPath, at: NODE }, ...mounts],
      writable,
      limits: { ...DEFAULT_LIMITS, ...limits },
    },
    way,
    { stdout: (text) => stdout.push(text), stderr: (text) => stderr.push(text) },
  );
  const end = await run.ended;
  return { ...end, stdout: stdout.join(''), stderr: stderr.join('') };
}

/** How many processes of this machine, in a sandbox or out of it, were started with a word of a test's own. */
export function processesOf(marker: string): number {
  return readdirSync('/proc').filter(
    (name) =>
      /^\d+$/.test(name) && name !== String(process.pid) && commandOf(name).includes(marker),
  ).length;
}

/** Waits until the last of them has ended, which the kernel does after the call that ends it. */
export async function hasEnded(marker: string): Promise<void> {
  while (processesOf(marker) > 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended since it was listed.
    return '';
  }
}
