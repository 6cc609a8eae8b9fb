import { spawnSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';

/** When a process began, in clock ticks since boot: with the pid it names one process for good. */
export function processStartTime(pid) {
  try {
    // proc(5): field 22, counted behind the command name, which may itself hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; nobody has collected it yet.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

/** Start times are comparable within one boot only. */
function bootId() {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Who says in a lock's file that it holds it, if that process lives. */
function holder(file) {
  try {
    const held = JSON.parse(readFileSync(file, 'utf8'));
    const isAlive = held?.bootId === bootId() && processStartTime(held.pid) === held.startTime;
    return isAlive ? held : undefined;
  } catch (error) {
    // The holder is gone, or about to write its name.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw naming(file, error);
  }
}

/** Not every failure of the file system names its file. */
function naming(file, error) {
  error.path ??= file;
  return error;
}

/**
 * Makes sure that nobody holds a lock, without taking it.
 *
 * @param {string} file
 * @throws {Error} naming the living process that holds it
 */
export function checkFree(file) {
  const held = holder(file);
  if (held !== undefined) throw busy(held, file);
}

function busy(held, file) {
  const who =
    held === undefined
      ? `Another command is already at work (lock ${file})`
      : `${held.purpose} is already at work (process ${held.pid}, lock ${file})`;
  const message = `${who}; wait for it to end, or stop it with Ctrl-C where it runs.`;
  return Object.assign(new Error(message), { code: 'LOCK_HELD' });
}

/** How flock(1) is to say that somebody else has the lock (sysexits.h, EX_TEMPFAIL). */
const CONFLICT = 75;

/**
 * Has flock(1) lock an open file. The lock belongs to what was opened, which this process and flock share,
 * and stays with this process when flock ends: until it is closed, by the death of the process at the
 * latest (flock(2)). Node.js gives no open file to a process that it starts, unless it is told to.
 */
function lockOpen(descriptor, file) {
  const { error, status, stderr } = spawnSync(
    'flock',
    ['--exclusive', '--nonblock', '--conflict-exit-code', String(CONFLICT), '3'],
    { stdio: ['ignore', 'ignore', 'pipe', descriptor], encoding: 'utf8' },
  );
  if (status === CONFLICT) return false;
  if (status === 0) return true;
  if (error?.code === 'ENOENT') {
    throw Object.assign(
      new Error(
        `Lock ${file}: 'flock' of util-linux must be on the PATH, got ${process.env.PATH ?? 'none'}; install util-linux`,
      ),
      { code: 'FLOCK_MISSING' },
    );
  }
  throw error ?? new Error(`Lock ${file}: flock ended with exit code ${status}: ${stderr.trim()}`);
}

/** Whether what was opened is still what lies under the name: its last holder may have removed it. */
function isThere(descriptor, file) {
  const found = statSync(file, { throwIfNoEntry: false });
  const { dev, ino } = fstatSync(descriptor);
  return found?.dev === dev && found.ino === ino;
}

/** The open file with its lock; undefined when the file was removed since it was opened. */
function openLocked(file) {
  const descriptor = openSync(file, 'a+', 0o600);
  let isMine = false;
  try {
    if (!lockOpen(descriptor, file)) throw busy(holder(file), file);
    isMine = isThere(descriptor, file);
    return isMine ? descriptor : undefined;
  } finally {
    if (!isMine) closeSync(descriptor);
  }
}

/**
 * Takes a lock for this process, until it is released or the process ends, however it ends. Its file says
 * who holds it.
 *
 * @param {string} file
 * @param {string} purpose what the holder does, for the other's message
 * @returns {() => void} releases it
 * @throws {Error} LOCK_HELD, naming the living process that holds it; FLOCK_MISSING
 */
export function acquire(file, purpose) {
  const { pid } = process;
  let descriptor;
  while (descriptor === undefined) descriptor = openLocked(file);
  const release = () => {
    // Whoever removed the folder of a lock has let go of it; the file may be another's since.
    if (isThere(descriptor, file)) rmSync(file);
    closeSync(descriptor);
  };
  try {
    ftruncateSync(descriptor);
    writeSync(
      descriptor,
      JSON.stringify({ pid, startTime: processStartTime(pid), bootId: bootId(), purpose }),
    );
  } catch (error) {
    release();
    throw naming(file, error);
  }
  return release;
}
