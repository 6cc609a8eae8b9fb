import { existsSync } from 'node:fs';
import { agentIsRunning } from '../agent-client.ts';
import { ZoneFolders } from '../agent/zone/zone-folders.ts';
import type { Folders } from '../folders.ts';
import { askAgent } from './running-agent.ts';

/** A process of a zone. */
export interface ProcessPlace {
  readonly zone: string;
  readonly process: string;
}

/**
 * Whether a process is known to be down: the agent of its zone is dead, and its processes with it, or
 * says that it does not run. Its own resource shows that as drift; nobody has to ask it.
 */
export async function isKnownDown(
  folders: Folders,
  { zone, process }: ProcessPlace,
): Promise<boolean> {
  // Of a zone that is not there nothing is known.
  if (!existsSync(new ZoneFolders(folders, zone).settings)) return false;
  if (!agentIsRunning(folders, zone)) return true;
  const status = await askAgent(folders, zone);
  // An agent that does not answer, or speaks otherwise, says nothing of its processes.
  if (status === undefined || status === 'foreign') return false;
  const found = status.processes.find(({ name }) => name === process);
  return found === undefined || found.state === 'stopped';
}
