import path from 'node:path';
import { bubblewrapArgv } from './bubblewrap.ts';
import type { Mount, SandboxSpec } from './sandbox-spec.ts';
import { unshareArgv } from './unshare.ts';
import { withoutRoot } from './without-root.ts';

/** How a sandbox can be made: by bubblewrap, or by util-linux alone. */
export const SANDBOX_WAYS = ['bubblewrap', 'unshare'] as const;

export type SandboxWay = (typeof SANDBOX_WAYS)[number];

/** Of /etc the program sees who it is, and the name of its machine. */
const ETC: readonly Mount[] = ['passwd', 'hosts'].map((name) => ({
  from: path.join(import.meta.dirname, 'etc', name),
  at: `/etc/${name}`,
}));

/**
 * The command line that runs a command in a sandbox, for any user, root too. All of the sandbox ends when the process
 * that it starts ends, or whoever started that.
 */
export function sandboxed(spec: SandboxSpec, way: SandboxWay): readonly [string, ...string[]] {
  const whole: SandboxSpec = { ...spec, readOnly: [...ETC, ...spec.readOnly] };
  const argvOf = way === 'bubblewrap' ? bubblewrapArgv : unshareArgv;
  // Nothing that a sandbox shows lies in /sys.
  return process.getuid?.() === 0 ? withoutRoot(whole, argvOf) : argvOf(whole, '/sys');
}

/** The environment of that command line, of which the sandbox sees nothing: where its programs are. */
export const SANDBOX_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};
