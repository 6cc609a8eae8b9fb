import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';
import { SANDBOX_ENVIRONMENT, SANDBOX_WAYS, sandboxed } from './sandboxed.ts';
import type { SandboxWay } from './sandboxed.ts';
import { DEFAULT_LIMITS } from './sandbox-spec.ts';
import type { SandboxSpec } from './sandbox-spec.ts';

/** What shows that a sandbox can be made. */
const TRIAL: SandboxSpec = {
  command: ['/usr/bin/true'],
  workingDirectory: '/',
  environment: {},
  readOnly: [],
  limits: DEFAULT_LIMITS,
};

const TRIAL_MS = 10_000;

/** Settings of kernels that keep ordinary users from making namespaces, and how an administrator lets them. */
const SWITCHES: readonly { readonly file: string; readonly off: string; readonly way: string }[] = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    off: '1',
    way: "'sudo sysctl --write kernel.apparmor_restrict_unprivileged_userns=0' (Ubuntu 23.10 and newer, hosted runners)",
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    off: '0',
    way: "'sudo sysctl --write kernel.unprivileged_userns_clone=1' (older Debian)",
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    off: '0',
    way: "'sudo sysctl --write user.max_user_namespaces=15000'",
  },
];

/**
 * The first way in which a sandbox can really be made here, which is tried. There is no way without one.
 *
 * @param environment where the programs are looked for
 * @throws {CodedError} SANDBOX_UNAVAILABLE with what each way lacks, and what to do
 */
export function availableSandbox(
  environment: Readonly<Record<string, string>> = SANDBOX_ENVIRONMENT,
): SandboxWay {
  const lacking: string[] = [];
  for (const way of SANDBOX_WAYS) {
    const problem = problemOf(way, environment);
    if (problem === undefined) return way;
    lacking.push(`${way}: ${problem}`);
  }
  const switches = SWITCHES.filter(
    ({ file, off }) => existsSync(file) && readFileSync(file, 'utf8').trim() === off,
  ).map(({ way }) => way);
  const fix = switches.length > 0 ? switches : ["'sudo apt-get install bubblewrap util-linux'"];
  throw new CodedError(
    'SANDBOX_UNAVAILABLE',
    `Sandbox: must be made before the program of a change runs, got none (${lacking.join('; ')}); allow it with ${fix.join(' and ')}`,
  );
}

/** Why a sandbox cannot be made in this way; undefined where it can. */
export function problemOf(
  way: SandboxWay,
  environment: Readonly<Record<string, string>> = SANDBOX_ENVIRONMENT,
): string | undefined {
  const [file, ...args] = sandboxed(TRIAL, way);
  const { status, error, stderr, signal } = spawnSync(file, args, {
    env: environment,
    encoding: 'utf8',
    timeout: TRIAL_MS,
  });
  if (status === 0) return undefined;
  if (error !== undefined) return error.message;
  const last = stderr.trim().split('\n').at(-1);
  return last === undefined || last === '' ? `ended with ${signal ?? String(status)}` : last;
}
