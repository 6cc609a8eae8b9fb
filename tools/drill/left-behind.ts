import { existsSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { injectedFile } from './injected-file.ts';

/** Whether a drill that was killed has left anything changed. */
export function isLeftBehind(folders: Folders): boolean {
  return existsSync(injectedFile(folders));
}

/**
 * Takes back what a drill that was killed has left behind.
 *
 * @returns whether all of it could be: what needs an engine that does not run is kept for the next time
 */
export async function takeBackLeftBehind(folders: Folders): Promise<boolean> {
  if (!isLeftBehind(folders)) return true;
  // Clients of engines, which no other start needs.
  const { Injected } = await import('./injected.ts');
  try {
    await (await Injected.open(folders)).takeBack();
    return true;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return false;
  }
}
