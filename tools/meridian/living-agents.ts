import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  allPids,
  identify,
  isSameProcess,
  killProcess,
  signalProcess,
  wordsOf,
} from '@meridian/provider-local/machine/process-table.ts';
import type { ProcessIdentity } from '@meridian/provider-local/machine/process-table.ts';
import { agentSocket, type Folders } from '@meridian/provider-local/folders.ts';

const POLL_MS = 50;

/** An agent as the machine knows it, whatever its files have become. */
export interface LivingAgent extends ProcessIdentity {
  readonly zone: string;
  /** Folder of the program that it runs. */
  readonly program: string;
}

/** Every agent of this platform among the processes of this user. */
export function livingAgents(folders: Folders): readonly LivingAgent[] {
  return allPids().flatMap((pid) => {
    const command = wordsOf(pid, 'cmdline');
    const script = command.findIndex((word) => word.endsWith('providers/local/agent/main.ts'));
    const identity = script === -1 ? undefined : identify(pid);
    if (identity === undefined) return [];
    const environment = wordsOf(pid, 'environ');
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
  await endEach(livingAgents(folders), graceMs);
}

/**
 * Ends the agents that nobody can talk to, because their sockets are not where they are looked for: the
 * end of a user's last session takes XDG_RUNTIME_DIR along (pam_systemd(8)), and another kind of session
 * (cron, su) has none.
 *
 * @returns their zones
 */
export async function endUnreachable(
  folders: Folders,
  graceMs: number,
): Promise<readonly string[]> {
  const lost = livingAgents(folders).filter(({ zone }) => !existsSync(agentSocket(folders, zone)));
  await endEach(lost, graceMs);
  return lost.map(({ zone }) => zone).sort();
}

async function endEach(agents: readonly LivingAgent[], graceMs: number): Promise<void> {
  await Promise.all(
    agents.map(async (agent) => {
      signalProcess(agent, 'SIGTERM');
      const deadline = Date.now() + graceMs;
      while (isSameProcess(agent)) {
        if (Date.now() > deadline) killProcess(agent);
        await delay(POLL_MS);
      }
    }),
  );
}
