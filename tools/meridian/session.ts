import path from 'node:path';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { acquire } from '../bootstrap/process-lock.mjs';
import { installEngines, type Engines } from './installation.ts';
import { claim } from './owner.ts';
import { createFolders, localFolders } from './places.ts';
import { Stack, type GivenSettings } from './stack.ts';

/** What a command that changes or reads the stack works with. */
export interface Session {
  readonly folders: Folders;
  readonly engines: Engines;
  readonly stack: Stack;
}

/** How a session begins. */
export interface SessionOptions {
  readonly quiet: boolean;
  readonly given?: GivenSettings;
}

/**
 * Installs what is missing, claims the platform for this clone and takes the stack's lock for as
 * long as `work` lasts.
 *
 * @param purpose what the command does, for the message that a second one gets
 */
export async function withSession<Result>(
  purpose: string,
  options: SessionOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const engines = await installEngines(options);
  return await withPlatform(
    purpose,
    async (folders) => await work(await openStack(folders, engines, options.given)),
  );
}

/** Claims the platform for this clone and takes its lock for as long as `work` lasts. */
export async function withPlatform<Result>(
  purpose: string,
  work: (folders: Folders) => Promise<Result>,
): Promise<Result> {
  const folders = localFolders();
  createFolders(folders);
  const release = acquire(path.join(folders.state, 'lock'), purpose);
  try {
    await claim(folders);
    return await work(folders);
  } finally {
    release();
  }
}

/** The stack of a platform that is claimed and locked. */
export async function openStack(
  folders: Folders,
  engines: Engines,
  given?: GivenSettings,
): Promise<Session> {
  const { pulumi } = engines;
  if (pulumi === undefined) throw new Error('the installation ended well but without Pulumi');
  const stack = new Stack(folders, pulumi);
  await stack.prepare(given);
  return { folders, engines, stack };
}
