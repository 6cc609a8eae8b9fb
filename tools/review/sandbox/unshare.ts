import { readFileSync } from 'node:fs';
import path from 'node:path';
import { underLimits } from './resource-limits.ts';
import type { SandboxSpec } from './sandbox-spec.ts';
import { systemMounts } from './system-mounts.ts';

/** Fresh namespaces, with the user as their root. Source: unshare(1) of util-linux 2.36 or newer. */
const NAMESPACES = [
  ...['--user', '--map-root-user', '--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup'],
  ...['--fork', '--kill-child=SIGKILL', '--propagation', 'private'],
] as const;

const ENTER = readFileSync(path.join(import.meta.dirname, 'enter-sandbox.sh'), 'utf8');

/**
 * Makes the sandbox with what every Debian has: util-linux and a script of ours.
 *
 * @param root a folder that the sandbox needs nothing of, on which its root is made
 */
export function unshareArgv(spec: SandboxSpec, root: string): readonly [string, ...string[]] {
  const system = systemMounts();
  const { limits, writable = [] } = spec;
  return [
    // The namespaces end with this process, and this process with whoever started it.
    ...(['setpriv', '--pdeathsig=KILL', '--', 'unshare', ...NAMESPACES, '--'] as const),
    // By its text: the account that runs it may not reach the folder of its file.
    ...['sh', '-c', ENTER, 'enter-sandbox'],
    ...[root, String(limits.temporaryBytes), spec.workingDirectory],
    ...[...system.mounts, ...spec.readOnly].flatMap(({ from, at }) => ['ro', from, at]),
    ...system.links.flatMap(({ target, at }) => ['link', target, at]),
    ...writable.flatMap(({ from, at }) => ['rw', from, at]),
    ...['--', ...underLimits(limits), '/usr/bin/env', '-i'],
    ...Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    ...spec.command,
  ];
}
