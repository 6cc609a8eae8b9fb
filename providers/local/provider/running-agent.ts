import { setTimeout as delay } from 'node:timers/promises';
import { AgentClient } from '../agent-client.ts';
import type { ZoneStatus } from '../agent-client.ts';
import { isSameProcess, signalProcess } from '../machine/process-table.ts';
import { ZoneFolders } from '../agent/zone/zone-folders.ts';
import { lockHolder } from '../agent/zone/zone-lock.ts';
import type { Folders } from '../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

/** How long an agent of another version may take to stop its processes before it is killed. */
const RETIREMENT_MS = 60_000;
const POLL_MS = 50;

/**
 * What the agent of a zone says of itself: undefined when it is dead, 'foreign' when it speaks
 * otherwise than this version, because it was started by another one.
 */
export async function askAgent(
  folders: Folders,
  zone: string,
): Promise<ZoneStatus | 'foreign' | undefined> {
  try {
    return await new AgentClient(folders, zone).statusIfRunning();
  } catch (thrown) {
    if (thrown instanceof CodedError && thrown.code === 'AGENT_OTHER_VERSION') {
      return 'foreign';
    }
    throw thrown;
  }
}

/** Ends an agent of another version, which may not understand a request to stop; its zone stops with it. */
export async function retireForeignAgent(folders: Folders, zone: string): Promise<void> {
  const holder = lockHolder(new ZoneFolders(folders, zone).lock);
  if ((await askAgent(folders, zone)) !== 'foreign' || holder === undefined) {
    return;
  }
  signalProcess(holder, 'SIGTERM');
  const deadline = Date.now() + RETIREMENT_MS;
  while (isSameProcess(holder)) {
    if (Date.now() > deadline) {
      signalProcess(holder, 'SIGKILL');
    }
    await delay(POLL_MS);
  }
}
