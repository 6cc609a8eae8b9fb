import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import {
  isSameProcess,
  killProcess,
  membersOfSession,
  signalProcess,
  type ProcessIdentity,
} from '@meridian/provider-local/machine/process-table.ts';
import { isWritable } from '../../engines/cache.ts';
import { BuildRecord } from './build-record.ts';

const POLL_MS = 100;

/** A join that is broken off lets Pulumi end what it has begun. */
const GRACE_MS = 60_000;

/** Why this user cannot build anything into the cache; undefined where that can be. */
export function obstacleToBuild({ cache }: Folders): string | undefined {
  return isWritable(cache)
    ? undefined
    : `the cache ${cache} must be writable by who builds, and is not; ask its owner for 'meridian doctor --telemetry'`;
}

/**
 * Starts a process that builds the engines of telemetry and has them join: in a session of its own, so that it goes on
 * when the terminal is closed. The builds give way to everything else; what joins is a start like any other.
 */
export async function startBuild(folders: Folders): Promise<void> {
  const record = new BuildRecord(folders);
  record.makeFolder();
  await record.remove();
  const log = openSync(record.log, 'w', 0o644);
  try {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'build-main.ts')],
      { cwd: '/', detached: true, stdio: ['ignore', log, log] },
    );
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve).once('error', reject);
    });
    child.unref();
    await hasBegun(record, child.pid);
  } finally {
    closeSync(log);
  }
}

/** Waits for the first word of a build, so that whoever looks next sees it; it may also have ended before. */
async function hasBegun(record: BuildRecord, pid: number | undefined): Promise<void> {
  while (pid !== undefined && isAlive(pid) && (await record.read()) === undefined) {
    await delay(POLL_MS);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (!isSystemError(error, 'ESRCH')) throw error;
    return false;
  }
}

/**
 * Ends a background build with its compilers, and waits for that.
 *
 * @returns whether there was one
 */
export async function endBuild(folders: Folders): Promise<boolean> {
  const record = new BuildRecord(folders);
  const builder = (await record.read())?.builder;
  if (builder === undefined || isAnothers(builder)) return false;
  signalProcess(builder, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (isSameProcess(builder)) {
    if (Date.now() > deadline) [builder, ...membersOfSession(builder.pid)].forEach(killProcess);
    await delay(POLL_MS);
  }
  await record.remove();
  return true;
}

/** Whether it is root's: root has ended it before the account was asked. */
function isAnothers({ pid }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    if (isSystemError(error, 'ESRCH')) return false;
    if (isSystemError(error, 'EPERM')) return true;
    throw error;
  }
}

/** Forgets all about builds for a platform that is removed; what is another user's stays. */
export async function forgetBuild(folders: Folders): Promise<void> {
  const record = new BuildRecord(folders);
  if (!isWritable(path.dirname(record.log))) return;
  await record.remove();
  await rm(record.log, { force: true });
}
