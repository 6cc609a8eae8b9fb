import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  identify,
  isSameProcess,
  killProcess,
  signalProcess,
} from '@meridian/provider-local/agent/process-table.ts';
import type { ProcessIdentity } from '@meridian/provider-local/agent/process-table.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';

const POLL_MS = 50;

/** An agent as the machine knows it, whatever its files have become. */
export interface LivingAgent extends ProcessIdentity {
  readonly zone: string;
  /** Folder of the program that it runs. */
  readonly program: string;
}

/** Every agent of this platform among the processes of this user. */
export function livingAgents(folders: Folders): readonly LivingAgent[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const pid = Number(name);
      const [command, environment] = [wordsOf(pid, 'cmdline'), wordsOf(pid, 'environ')];
      const script = command.findIndex((word) => word.endsWith('providers/local/agent/main.ts'));
      const identity = identify(pid);
      if (script === -1 || identity === undefined) return [];
      if (!environment.includes(`MERIDIAN_STATE=${folders.state}`)) return [];
      const program = environment.find((word) => word.startsWith('MERIDIAN_PROGRAM='));
      return [
        {
          ...identity,
          zone: command[script + 1] ?? '',
          program: program?.slice('MERIDIAN_PROGRAM='.length) ?? '',
        },
      ];
    });
}

/**
 * Ends every agent of this platform, and with it its processes, without a word from its files.
 *
 * @param graceMs how long an agent may take to stop its processes before it is killed, which kills them
 */
export async function endAgents(folders: Folders, graceMs: number): Promise<void> {
  await Promise.all(
    livingAgents(folders).map(async (agent) => {
      signalProcess(agent, 'SIGTERM');
      const deadline = Date.now() + graceMs;
      while (isSameProcess(agent)) {
        if (Date.now() > deadline) killProcess(agent);
        await delay(POLL_MS);
      }
    }),
  );
}

/** The words of a process's command line or environment; none of a process that is gone or another's. */
function wordsOf(pid: number, file: 'cmdline' | 'environ'): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
