import { readFileSync } from 'node:fs';
import { allPids, unlessUnseen } from '@meridian/provider-local/machine/process-table.ts';

/** How often /proc is looked at: what leaves a suite's tree lives longer than this. */
const LOOK_INTERVAL_MS = 2_000;
/** The unit of times in /proc: USER_HZ, which is 100 on every x86-64 Linux (time(7)). */
const TICKS_PER_SECOND = 100;

/** CPU seconds of this process and of all that it waited for (proc(5): utime, stime, cutime, cstime). */
export function ownCpuSeconds(): number {
  return (statOf(process.pid)?.ticks ?? 0) / TICKS_PER_SECOND;
}

/** What /proc says of a process. */
interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** With those of the children that it waited for. */
  readonly ticks: number;
  /** A pid with its start time is not used again. */
  readonly key: string;
}

/**
 * The CPU seconds of processes that left the trees of the suites that started them, as agents do, since
 * nobody there waits for them. Whoever was seen below a suite once stays the suite's, and so do all below it.
 */
export class Departed {
  readonly #seen = new Map<number, Map<string, { ticks: number; left: boolean }>>();
  #timer: NodeJS.Timeout | undefined;

  /** Looks at everything below this process from now on. */
  watch(root: number): void {
    this.#seen.set(root, new Map());
    this.#timer ??= setInterval(() => this.look(), LOOK_INTERVAL_MS).unref();
  }

  /** What was seen to leave, in CPU seconds up to the last look; ends the watch. */
  secondsOf(root: number): number {
    const seen = [...(this.#seen.get(root)?.values() ?? [])];
    this.#seen.delete(root);
    if (this.#seen.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const ticks = seen.filter(({ left }) => left).reduce((sum, each) => sum + each.ticks, 0);
    return ticks / TICKS_PER_SECOND;
  }

  /** Looks once. */
  look(): void {
    const stats = allPids().flatMap((pid) => statOf(pid) ?? []);
    for (const [root, seen] of this.#seen) {
      const below = new Set<number>([root]);
      for (const { pid, key } of stats) if (seen.has(key)) below.add(pid);
      for (let size = 0; size !== below.size;) {
        size = below.size;
        for (const { pid, parent } of stats) if (below.has(parent)) below.add(pid);
      }
      for (const { pid, parent, ticks, key } of stats) {
        if (pid !== root && below.has(pid)) seen.set(key, { ticks, left: !below.has(parent) });
      }
    }
  }
}

/** Fields 4, 14 to 17 and 22 of /proc/PID/stat (proc(5)); the name before them may hold anything. */
function statOf(pid: number): Stat | undefined {
  const text = unlessUnseen(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 20) return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), ticks, key: `${pid} ${fields[19] ?? ''}` };
}
