import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { cacheFolder } from '../../tools/engines/cache.ts';

/** The pinned one, if it is built; `AMTOOL` names another. */
export function findAmtool(): string | undefined {
  return (
    process.env['AMTOOL'] ??
    globSync(`${cacheFolder()}/alertmanager/*/bin/amtool`).toSorted().at(-1)
  );
}

/** Runs it; gives what it says, also of what it refuses. */
export function amtool(program: string, ...args: readonly string[]): string {
  try {
    return execFileSync(program, args, { stdio: 'pipe' }).toString();
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: Buffer; readonly stderr?: Buffer };
    if (stdout === undefined) throw error;
    return `${stdout.toString()}${stderr?.toString() ?? ''}`;
  }
}
