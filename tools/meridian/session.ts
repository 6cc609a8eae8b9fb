import type { Folders } from '@meridian/provider-local/folders.ts';
import { acquire } from '../bootstrap/process-lock.mjs';
import { installEngines, type Engines } from './installation.ts';
import { claim } from './owner.ts';
import { checkFolders, createFolders, localFolders, makeCurrent } from './places.ts';
import { preflight, stackLock, type Intent } from './preflight.ts';
import { Stack } from './stack.ts';

/** What a command that changes or reads the stack works with. */
export interface Session {
  readonly folders: Folders;
  readonly engines: Engines;
  readonly stack: Stack;
}

/** What a command needs before it can work. */
export interface SessionOptions extends Intent {
  /** Shows nothing unless something has to be fetched. */
  readonly quiet: boolean;
}

/**
 * Takes the stack's lock for as long as `work` lasts, refuses what cannot be, claims the platform for this
 * clone and installs what is missing: what is quick to say no comes first.
 *
 * @param purpose what the command does, for the message that a second one gets
 */
export async function withSession<Result>(
  purpose: string,
  options: SessionOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const folders = localFolders();
  checkFolders(folders);
  createFolders(folders);
  const release = acquire(stackLock(folders), purpose);
  try {
    await preflight(folders, options);
    claim(folders);
    makeCurrent(folders);
    const engines = await installEngines(options);
    const { pulumi } = engines;
    if (pulumi === undefined) throw new Error('the installation ended well but without Pulumi');
    const stack = new Stack(folders, pulumi);
    await stack.prepare(options.given);
    return await work({ folders, engines, stack });
  } finally {
    release();
  }
}
