import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Mount, SandboxSpec } from './sandbox-spec.ts';

/** Who owns nothing: the overflow user of the kernel, 'nobody' on Debian. */
const NOBODY = '65534';

/** Where give-up-root.sh shows what an account without rights could not reach. */
const SHOWN = '/sys';

const GIVE_UP = readFileSync(path.join(import.meta.dirname, 'give-up-root.sh'), 'utf8');

/**
 * Lets root start a sandbox as an ordinary user does: another account has no more rights outside of it than nobody.
 *
 * @param argvOf what starts the sandbox as an ordinary user, for mounts from elsewhere and an empty folder for its root
 */
export function withoutRoot(
  spec: SandboxSpec,
  argvOf: (spec: SandboxSpec, root: string) => readonly string[],
): readonly [string, ...string[]] {
  const sources: string[] = [];
  const shown = (mounts: readonly Mount[] = []): readonly Mount[] =>
    mounts.map(({ from, at }) => {
      sources.push(from);
      return { from: path.join(SHOWN, String(sources.length)), at };
    });
  const moved: SandboxSpec = {
    ...spec,
    readOnly: shown(spec.readOnly),
    writable: shown(spec.writable),
  };
  const argv = argvOf(moved, path.join(SHOWN, 'root'));
  return [
    ...(['setpriv', '--pdeathsig=KILL', '--', 'unshare'] as const),
    ...['--mount', '--propagation', 'private', '--'],
    ...['sh', '-c', GIVE_UP, 'give-up-root', NOBODY],
    ...sources.flatMap((from, index) => [from, String(index + 1)]),
    ...['--', ...argv],
  ];
}
