import { underLimits } from './resource-limits.ts';
import type { SandboxSpec } from './sandbox-spec.ts';
import { systemMounts } from './system-mounts.ts';

/** Makes the sandbox with bubblewrap 0.8 or newer, which Flatpak uses. Source: bwrap(1). */
export function bubblewrapArgv(spec: SandboxSpec): readonly [string, ...string[]] {
  const system = systemMounts();
  const { limits, writable = [] } = spec;
  return [
    'bwrap',
    ...['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'],
    '--unshare-cgroup-try',
    // A namespace of its own would give it rights by which more of the kernel can be reached.
    '--disable-userns',
    // The same for everybody; outside it is the user, who may not be root.
    ...['--uid', '0', '--gid', '0', '--hostname', 'sandbox'],
    ...['--die-with-parent', '--new-session', '--clearenv'],
    ...Object.entries(spec.environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...[...system.mounts, ...spec.readOnly].flatMap(({ from, at }) => ['--ro-bind', from, at]),
    ...system.links.flatMap(({ target, at }) => ['--symlink', target, at]),
    ...writable.flatMap(({ from, at }) => ['--bind', from, at]),
    ...['--proc', '/proc', '--dev', '/dev', '--remount-ro', '/dev'],
    ...['--size', String(limits.temporaryBytes), '--tmpfs', '/tmp'],
    ...['--remount-ro', '/', '--chdir', spec.workingDirectory],
    ...['--', ...underLimits(limits), ...spec.command],
  ];
}
