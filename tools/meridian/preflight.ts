import path from 'node:path';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { checkSettings, localStackSettings } from './kept-settings.ts';
import type { GivenSettings } from './stack.ts';

/** What a command is about to do with the stack. */
export interface Intent {
  /** Given by those that run the program, which must be able to take the settings. */
  readonly given?: GivenSettings;
  /** Whether it starts processes, which need their ports. @default false */
  readonly starts?: boolean;
}

/** The lock of the stack: whoever changes it holds it. */
export function stackLock(folders: Folders): string {
  return path.join(folders.state, 'lock');
}

/**
 * Refuses what cannot be before anything is installed, made or remembered, and thus at once. A command
 * that does not run the program, `destroy` above all, asks nothing of the settings.
 *
 * @throws {PlatformError} SETTINGS_INVALID, GRAPH_INVALID, LANDING_NOT_YET, PORT_TAKEN
 */
export async function preflight(folders: Folders, { given, starts }: Intent): Promise<void> {
  if (given === undefined) return;
  const lowered = await checkSettings(localStackSettings(folders, given.settings), given.settings);
  if (starts !== true) return;
  const { refuseTakenPorts } = await import('./taken-ports.ts');
  await refuseTakenPorts(folders, lowered);
}
