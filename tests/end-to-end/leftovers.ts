import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** What is there of a user's commands after they have ended, besides the platform that stays up. */
export interface Leftovers {
  /** Command lines of processes that are neither an agent nor started by one. */
  readonly processes: readonly string[];
  /** Files of sockets that nobody listens on. */
  readonly sockets: readonly string[];
  /** Temporary files. */
  readonly files: readonly string[];
}

/** A process, as /proc shows it. */
export interface UserProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Whether the user of the platform under test has started it, or something that was started so. */
  readonly ours: boolean;
}

/** Commands of a killed parent need a moment to see that it is gone. */
const PATIENCE_MS = 20_000;

/**
 * Waits until nothing is left, or for as long as it may take; gives what is left then.
 *
 * @param options.files whether temporary files are looked at; those of what was killed cannot go by themselves
 */
export async function leftoversOf(
  platform: PlatformUnderTest,
  temporary: string,
  options: { readonly files: boolean } = { files: true },
): Promise<Leftovers> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const all = look(platform, temporary);
    const found = options.files ? all : { ...all, files: [] };
    const count = found.processes.length + found.sockets.length + found.files.length;
    if (count === 0 || Date.now() > deadline) return found;
    await delay(100);
  }
}

function look(platform: PlatformUnderTest, temporary: string): Leftovers {
  return {
    processes: strangers(processesOf(platform)).map(({ pid, command }) => `${pid} ${command}`),
    sockets: deadSockets(platform.runtime),
    files: existsSync(temporary) ? readdirSync(temporary) : [],
  };
}

/** Ours that neither are an agent nor descend from one. */
function strangers(all: readonly UserProcess[]): readonly UserProcess[] {
  const byPid = new Map(all.map((process) => [process.pid, process]));
  const isOfAgent = (process: UserProcess | undefined): boolean =>
    process !== undefined &&
    (process.command.includes('providers/local/agent/main.ts') ||
      isOfAgent(byPid.get(process.parent)));
  return all.filter((process) => process.ours && !isOfAgent(process));
}

/** Every process of the machine that may be looked at. */
export function processesOf({ home }: PlatformUnderTest): readonly UserProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, 'utf8');
      try {
        const stat = read('stat');
        // proc(5): the state, then the parent, behind the command name.
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const command = read('cmdline').replaceAll('\0', ' ').trim();
        const ours = command.includes(home) || read('environ').includes(home);
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command, ours }];
      } catch (error) {
        // It has ended meanwhile, or is another user's. (jest's own realm: instanceof does not hold.)
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return [];
        throw error;
      }
    });
}

/** Source: proc_net(5), `unix`: the path is the last column, and flag 00010000 is a listener. */
function deadSockets(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const listeners = new Set(
    readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , flags]) => flags === '00010000')
      .map((columns) => columns.at(-1)),
  );
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isSocket() && !listeners.has(path.join(folder, entry.name)))
    .map(({ name }) => name);
}
