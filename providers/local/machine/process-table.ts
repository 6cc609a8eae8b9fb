import { readdirSync, readFileSync } from 'node:fs';
import { isSystemError } from '@meridian/language/thrown.ts';

/** A process for good: pids are reused, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot: field 22 of /proc/PID/stat (proc(5)). */
  readonly startTime: string;
}

/** A command line is shown in messages up to here. */
const MAX_COMMAND_LENGTH = 200;

interface ProcessEntry extends ProcessIdentity {
  readonly state: string;
  readonly parent: number;
  readonly session: number;
}

/** The identity of a process that lives now; undefined for one that is gone or a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const entry = readEntry(pid);
  return entry === undefined ? undefined : { pid, startTime: entry.startTime };
}

/** Whether exactly this process still lives (a zombie does not). */
export function isSameProcess(known: ProcessIdentity): boolean {
  return identify(known.pid)?.startTime === known.startTime;
}

/** When a process began, also of one that has ended and was not yet waited for. */
export function startTimeOf(pid: number): string | undefined {
  return readStat(pid)?.startTime;
}

/** The process that started this one, or that it was left to; undefined when it has ended. */
export function parentOf(pid: number): number | undefined {
  return readEntry(pid)?.parent;
}

/** The pids of all processes of the machine, other users' and zombies included. */
export function allPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Every living process of a session, the leader included. */
export function membersOfSession(session: number): readonly ProcessIdentity[] {
  return allPids()
    .map(readEntry)
    .filter((entry) => entry?.session === session)
    .flatMap((entry) => (entry === undefined ? [] : [entry]));
}

/** Kills exactly this process, if it still lives. */
export function killProcess(target: ProcessIdentity): void {
  signalProcess(target, 'SIGKILL');
}

/** Sends a signal to exactly this process, if it still lives. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isSameProcess(target)) {
    return;
  }
  try {
    process.kill(target.pid, signal);
  } catch (thrown) {
    // It ended on its own just now.
    if (!isSystemError(thrown, 'ESRCH')) {
      throw thrown;
    }
  }
}

/** The command line of a process, or its bare name where only that may be read. */
export function commandOf(pid: number): string {
  const command = readProc(`/proc/${pid}/cmdline`)
    ?.replace(/\p{Cc}+/gu, ' ')
    .trim();
  return command === undefined || command === ''
    ? (nameOf(pid) ?? 'unknown')
    : command.slice(0, MAX_COMMAND_LENGTH);
}

/** The name of a process's program, which everybody may read; undefined when it has ended. */
export function nameOf(pid: number): string | undefined {
  return readProc(`/proc/${pid}/comm`)?.trim();
}

/** The words of a process's command line or environment; none of one that is gone or another user's. */
export function wordsOf(pid: number, file: 'cmdline' | 'environ'): readonly string[] {
  return readProc(`/proc/${pid}/${file}`)?.split('\0') ?? [];
}

/** What a look at a process shows, or `otherwise` where it has ended or is not for this user to see. */
export function unlessUnseen<Value, Otherwise>(
  look: () => Value,
  otherwise: Otherwise,
): Value | Otherwise {
  try {
    return look();
  } catch (thrown) {
    // ESRCH: it ended between open and read.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].some((code) => isSystemError(thrown, code))) {
      return otherwise;
    }
    throw thrown;
  }
}

/** Identifies this boot: start times are comparable within one boot only. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function readEntry(pid: number): ProcessEntry | undefined {
  const entry = readStat(pid);
  return entry?.state === 'Z' || entry?.state === 'X' ? undefined : entry;
}

function readStat(pid: number): ProcessEntry | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === undefined) {
    return undefined;
  }
  // The second field is the program's name in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent, session] = [fields[0], fields[1], fields[3]];
  const startTime = fields[19] ?? '';
  return { pid, state, parent: Number(parent), session: Number(session), startTime };
}

function readProc(path: string): string | undefined {
  return unlessUnseen(() => readFileSync(path, 'utf8'), undefined);
}
