import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { nameOf } from '@meridian/provider-local/machine/process-table.ts';
import { processStartTime } from '../bootstrap/process-lock.mjs';

/** How Pulumi notes who has locked a stack. Source: lockContent of pkg/backend/diy/lock.go, 3.250. */
interface PulumiLock {
  readonly pid: number;
  /** RFC 3339. */
  readonly timestamp: string;
}

/** USER_HZ, in which the kernel counts for programs: 100 on every architecture of ours (proc(5)). */
const TICKS_PER_SECOND = 100;
/** Between the start of a process and what Node.js takes for its own start. */
const SLACK_MS = 2000;

/**
 * Removes the locks of a stack whose process has ended, was killed, or never finished writing: any
 * other file among the locks would block every later command as well.
 *
 * A pid alone says nothing after a reboot: the one that counts is of a Pulumi that was there when the
 * lock was taken.
 *
 * @param folder with Pulumi's locks, at any depth
 * @returns the pid of a living Pulumi that holds one
 */
export function removeStaleLocks(folder: string): number | undefined {
  if (!existsSync(folder)) return undefined;
  let holder: number | undefined;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // What the bucket notes of a file (`<file>.attrs`) goes with it.
    if (!entry.isFile() || entry.name.endsWith('.attrs')) continue;
    const file = path.join(entry.parentPath, entry.name);
    const lock = readLock(file);
    if (lock !== undefined && isHeld(lock)) {
      holder = lock.pid;
    } else {
      for (const stale of [file, `${file}.attrs`]) rmSync(stale, { force: true });
    }
  }
  return holder;
}

function readLock(file: string): PulumiLock | undefined {
  try {
    const { pid, timestamp } = JSON.parse(readFileSync(file, 'utf8')) as Partial<PulumiLock>;
    return pid === undefined || timestamp === undefined ? undefined : { pid, timestamp };
  } catch {
    // Torn, or released meanwhile: no lock either way.
    return undefined;
  }
}

function isHeld({ pid, timestamp }: PulumiLock): boolean {
  const startMs = startOf(pid);
  if (startMs === undefined || startMs > Date.parse(timestamp) + SLACK_MS) return false;
  return nameOf(pid)?.includes('pulumi') === true;
}

/** When a process began, by this one's own beginning: the time of boot may be another one in a container. */
function startOf(pid: number): number | undefined {
  const [ticks, own] = [processStartTime(pid), processStartTime(process.pid)].map(Number);
  if (ticks === undefined || own === undefined || Number.isNaN(ticks)) return undefined;
  return performance.timeOrigin + ((ticks - own) / TICKS_PER_SECOND) * 1000;
}
