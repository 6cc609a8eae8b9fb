import type { SandboxLimits } from './sandbox-spec.ts';

/**
 * The beginning of a command that runs under limits of the kernel, and that the kernel ends first where memory runs
 * out (prlimit(1), choom(1)). They are part of util-linux, which Debian calls essential.
 */
export function underLimits(limits: SandboxLimits): readonly string[] {
  return [
    'prlimit',
    `--data=${limits.processMemoryBytes}`,
    `--nproc=${limits.processes}`,
    `--fsize=${limits.fileBytes}`,
    `--cpu=${limits.cpuSeconds}`,
    '--nofile=1024',
    ...['--core=0', '--memlock=0', '--msgqueue=0', '--rtprio=0', '--nice=0'],
    ...['--', 'choom', '--adjust=1000', '--'],
  ];
}
