import path from 'node:path';
import { mkdirSync } from 'node:fs';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { acquire } from '../bootstrap/process-lock.mjs';
import { installEngines, type Engines } from './installation.ts';
import { claim } from './owner.ts';
import { createFolders, localFolders, makeCurrent } from './places.ts';
import { Stack, type GivenSettings } from './stack.ts';

/** What a command that changes or reads the stack works with. */
export interface Session {
  readonly folders: Folders;
  readonly engines: Engines;
  readonly stack: Stack;
}

/**
 * Installs what is missing, claims the platform for this clone and takes the stack's lock for as
 * long as `work` lasts.
 *
 * @param purpose what the command does, for the message that a second one gets
 */
export async function withSession<Result>(
  purpose: string,
  options: { readonly quiet: boolean; readonly given?: GivenSettings },
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const engines = await installEngines(options);
  const { pulumi } = engines;
  if (pulumi === undefined) throw new Error('the installation ended well but without Pulumi');
  const folders = localFolders();
  createFolders(folders);
  mkdirSync(folders.state, { recursive: true, mode: 0o700 });
  const release = acquire(path.join(folders.state, 'lock'), purpose);
  try {
    claim(folders);
    makeCurrent(folders);
    const stack = new Stack(folders, pulumi);
    await stack.prepare(options.given);
    return await work({ folders, engines, stack });
  } finally {
    release();
  }
}
