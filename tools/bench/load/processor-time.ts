import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import {
  allPids,
  nameOf,
  unlessUnseen,
  wordsOf,
} from '@meridian/provider-local/machine/process-table.ts';

/** The unit of processor times in /proc: USER_HZ, 100 on every architecture that Node.js has (proc(5), time(7)). */
const TICK_MS = 10;

/** What the processors have done so far, in milliseconds of one processor. */
export interface ProcessorTimes {
  /** By the clock of performance.now(). */
  readonly takenAt: number;
  /** What the host of a virtual machine took from it. */
  readonly stolenMs: number;
  readonly byPid: ReadonlyMap<number, ProcessTime>;
}

/** What one process has done, and the children that it has waited for. */
interface ProcessTime {
  readonly ms: number;
  readonly parent: number;
}

/** What another party used between two looks. */
export interface Usage {
  readonly name: string;
  /** Share of the whole machine, 0 to 1. */
  readonly share: number;
}

/** Reads /proc/stat and the times of every process. */
export function processorTimes(): ProcessorTimes {
  const byPid = allPids().flatMap((pid) => {
    const time = processTime(pid);
    return time === undefined ? [] : [[pid, time] as const];
  });
  return {
    takenAt: performance.now(),
    stolenMs: stolenTicks() * TICK_MS,
    byPid: new Map(byPid),
  };
}

/**
 * Milliseconds that some processes used between two looks; one that began meanwhile counts from zero. What
 * a child that ended had used before is not used by the parent that has waited for it.
 */
export function usedBy(
  pids: Iterable<number>,
  before: ProcessorTimes,
  after: ProcessorTimes,
): number {
  const counted = new Set(pids);
  const now = sumOf(after, (pid) => counted.has(pid));
  const earlier = sumOf(before, (pid) => counted.has(heirOf(pid, before, after)));
  return Math.max(0, now - earlier);
}

/** Who answers for what a process has used: itself, or whoever has waited for it and all between. */
function heirOf(pid: number, before: ProcessorTimes, after: ProcessorTimes): number {
  const parent = before.byPid.get(pid)?.parent;
  return after.byPid.has(pid) || parent === undefined ? pid : heirOf(parent, before, after);
}

function sumOf(
  { byPid }: ProcessorTimes,
  isCounted: (pid: number, time: ProcessTime) => boolean,
): number {
  return [...byPid].reduce((sum, [pid, time]) => sum + (isCounted(pid, time) ? time.ms : 0), 0);
}

/**
 * Whoever else used the machine between two looks, most first: processes that are not `ours` by name, and
 * the host of a virtual machine.
 */
export function othersThan(
  ours: Iterable<number>,
  before: ProcessorTimes,
  after: ProcessorTimes,
): readonly Usage[] {
  const capacityMs = (after.takenAt - before.takenAt) * availableParallelism();
  const own = new Set(ours);
  const foreign = [...after.byPid.keys()].filter((pid) => !own.has(pid));
  const byName = Map.groupBy(foreign, programOf);
  const used = [...byName].map(([name, pids]) => [name, usedBy(pids, before, after)] as const);
  return [...used, ["this machine's host", after.stolenMs - before.stolenMs] as const]
    .map(([name, ms]) => ({ name, share: ms / capacityMs }))
    .filter(({ share }) => share > 0)
    .sort((one, other) => other.share - one.share);
}

/** The program of a process, with the script of an interpreter: threads name themselves as they like. */
function programOf(pid: number): string {
  const [program = '', script = ''] = wordsOf(pid, 'cmdline');
  const words = script.startsWith('-') ? [program] : [program, script];
  const shown = words.map((word) => path.basename(word)).join(' ');
  return shown.trim() || (nameOf(pid) ?? 'a process that has ended');
}

/** The eighth number of the first line of /proc/stat (proc(5)). */
function stolenTicks(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  return Number(line.split(/\s+/)[8] ?? 0);
}

/** Fields 4 and 14 to 17 of /proc/PID/stat (proc(5)). */
function processTime(pid: number): ProcessTime | undefined {
  const stat = unlessUnseen(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ms = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
  return { ms, parent: Number(fields[1]) };
}
