import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

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

/** Who holds a lock; `stale` when it was left by a process that has ended, undefined when there is none. */
function holder(file) {
  try {
    const held = JSON.parse(readFileSync(file, 'utf8'));
    const isAlive = held?.bootId === bootId() && processStartTime(held.pid) === held.startTime;
    return isAlive ? held : stale;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return stale;
    // A failed read does not name its file.
    error.path ??= file;
    throw error;
  }
}

const stale = Symbol('stale');

/** Takes a stale lock away, and nothing else: another starter may have put its own there meanwhile. */
function removeStale(file) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (holder(aside) !== stale) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Makes sure that nobody holds a lock, without taking it.
 *
 * @param {string} file
 * @throws {Error} naming the living process that holds it
 */
export function checkFree(file) {
  const held = holder(file);
  if (held !== undefined && held !== stale) throw busy(held, file);
}

function busy(held, file) {
  return lockHeld(
    `${held.purpose} is already at work (process ${held.pid}, lock ${file}); wait for it to end, or stop it with Ctrl-C where it runs.`,
  );
}

function lockHeld(message) {
  return Object.assign(new Error(message), { code: 'LOCK_HELD' });
}

/**
 * Takes a lock file for this process; one left by a process that has ended is taken over.
 *
 * @param {string} file
 * @param {string} purpose what the holder does, for the other's message
 * @returns {() => void} releases it
 * @throws {Error} naming the living process that holds it
 */
export function acquire(file, purpose) {
  const { pid } = process;
  const mine = { pid, startTime: processStartTime(pid), bootId: bootId(), purpose };
  const draft = `${file}.${process.pid}`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
      linkSync(draft, file);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') {
        // A failed write does not name its file either.
        error.path ??= file;
        throw error;
      }
      const held = holder(file);
      if (held === stale) removeStale(file);
      else if (held !== undefined) throw busy(held, file);
    } finally {
      rmSync(draft, { force: true });
    }
  }
  throw lockHeld(`The lock ${file} changes hands too fast; run the command again.`);
}
