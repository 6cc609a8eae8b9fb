import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { checkFree } from '../../bootstrap/process-lock.mjs';
import { sourcesDigest } from '../last-start.ts';
import { livingAgents } from '../living-agents.ts';
import { programFolder } from '../places.ts';
import { stackLock } from '../preflight.ts';
import type { BuildRecord } from './build-record.ts';

const RETRY_MS = 500;

/** What a join is told of the start that it belongs to. */
export interface Joining {
  readonly folders: Folders;
  /** `sourcesDigest` of the program at the time. */
  readonly sources: string;
  readonly signal: AbortSignal;
}

/**
 * Has telemetry join the platform by the same `up` that the user ran, once nobody else is at work on the stack. Where
 * that would do more than the user has asked for (the program was edited since, the platform was stopped) it is left to
 * the next start.
 *
 * @throws {CodedError} UP_FAILED
 */
export async function join(
  record: BuildRecord,
  { folders, sources, signal }: Joining,
): Promise<void> {
  await record.write({ phase: 'joining', since: Date.now() });
  while (!isFree(folders)) await delay(RETRY_MS, undefined, { signal });
  const reason = reasonToLeaveIt(folders, sources);
  if (reason !== undefined) {
    await record.write({ phase: 'built', reason });
    return;
  }
  const exitCode = await upAgain(signal);
  if (exitCode !== 0) {
    throw new CodedError('UP_FAILED', `'meridian up' ended with exit code ${exitCode}`);
  }
  await record.remove();
}

function reasonToLeaveIt(folders: Folders, sources: string): string | undefined {
  if (livingAgents(folders).length === 0) return 'the platform does not run';
  const now = sourcesDigest({ program: programFolder });
  return now === sources ? undefined : 'the program has changed since the last start';
}

function isFree(folders: Folders): boolean {
  try {
    checkFree(stackLock(folders));
    return true;
  } catch (error) {
    if (!isSystemError(error, 'LOCK_HELD')) throw error;
    return false;
  }
}

/** The command that the user ran, which as root goes on as the account; all that it prints goes to the log. */
async function upAgain(signal: AbortSignal): Promise<number> {
  const command = path.join(programFolder, 'tools/meridian/main.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', command, 'up', '--json'],
    { cwd: programFolder, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  // Pulumi ends in good order then, and what was done is kept.
  const end = (): unknown => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  return exitCode;
}
