import path from 'node:path';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import { acquire, checkFree } from '../bootstrap/process-lock.mjs';
import { checkSettings, localStackSettings } from './kept-settings.ts';
import type { GivenSettings } from './stack.ts';

/** What a command is about to do with the stack. */
export interface Intent {
  /** Given by those that run the program, which must be able to take the settings. */
  readonly given?: GivenSettings;
  /** Whether it starts processes, which need their ports. @default false */
  readonly starts?: boolean;
  /** Whether it removes the platform: a full disk does not keep it from that. @default false */
  readonly ends?: boolean;
}

/** The lock of the stack: whoever changes it holds it. */
export function stackLock(folders: Folders): string {
  return path.join(folders.state, 'lock');
}

/**
 * Takes the stack's lock to end what runs, or all there is. A full disk, on which no lock can be written,
 * is why a user may want that: there it is enough that nobody holds it.
 */
export function acquireToEnd(folders: Folders, purpose: string): () => void {
  const lock = stackLock(folders);
  try {
    return acquire(lock, purpose);
  } catch (error) {
    if (!['ENOSPC', 'EDQUOT'].some((code) => isSystemError(error, code))) throw error;
    checkFree(lock);
    return () => undefined;
  }
}

/**
 * Refuses what cannot be before anything is installed, made or remembered, and thus at once. A command
 * that does not run the program, `destroy` above all, asks nothing of the settings.
 *
 * @throws {CodedError} SETTINGS_INVALID, GRAPH_INVALID, LANDING_NOT_YET, PORT_TAKEN
 */
export async function preflight(folders: Folders, { given, starts }: Intent): Promise<void> {
  if (given === undefined) return;
  const lowered = await checkSettings(localStackSettings(folders, given.settings), given.settings);
  if (starts !== true) return;
  const { refuseTakenPorts } = await import('./taken-ports.ts');
  await refuseTakenPorts(folders, lowered);
}
