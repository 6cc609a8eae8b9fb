import type { Folders } from '@meridian/provider-local/folders.ts';
import { acquire } from '../bootstrap/process-lock.mjs';
import { installEngines, type Engines } from './installation.ts';
import { endUnreachable } from './living-agents.ts';
import { claim, isOurs } from './owner.ts';
import { checkFolders, createFolders, localFolders, makeCurrent } from './places.ts';
import { acquireToEnd, preflight, stackLock, type Intent } from './preflight.ts';
import { Stack, type GivenSettings } from './stack.ts';
import { inTurn } from './telemetry/in-turn.ts';

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
  return await withPlatform(purpose, options, async (folders) => {
    const engines = await installEngines(options);
    return await work(await openStack(folders, engines, options.given));
  });
}

/** Claims the platform for this clone and takes its lock for as long as `work` lasts. */
export async function withPlatform<Result>(
  purpose: string,
  intent: Intent,
  work: (folders: Folders) => Promise<Result>,
): Promise<Result> {
  const folders = localFolders();
  checkFolders(folders);
  createFolders(folders);
  const release =
    intent.ends === true
      ? acquireToEnd(folders, purpose)
      : await inTurn(folders, () => acquire(stackLock(folders), purpose));
  try {
    await preflight(folders, intent);
    // What is to go needs nobody's claim, and a full disk may have no room for one.
    await (intent.ends === true ? isOurs(folders) : claim(folders));
    makeCurrent(folders);
    if (intent.starts === true) await endWhatCannotBeReached(folders);
    return await work(folders);
  } finally {
    release();
  }
}

/** What runs without its sockets would keep a start from making it so again. */
async function endWhatCannotBeReached(folders: Folders): Promise<void> {
  const zones = await endUnreachable(folders, Number.POSITIVE_INFINITY);
  if (zones.length === 0) return;
  process.stderr.write(
    `meridian: The sockets of ${zones.join(', ')} were not in ${folders.runtime}, as after the end of the session that started them; stopped, to be started again.\n`,
  );
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
