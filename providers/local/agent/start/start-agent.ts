import { spawn } from 'node:child_process';
import { compileCache } from '../../machine/compile-cache.ts';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentClient } from '../api/client.ts';
import { agentSocket, foldersEnvironment, zoneFolder } from '../../folders.ts';
import type { Folders } from '../../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { agentSettingsSchema } from './agent-settings.ts';
import type { AgentSettings, AgentSettingsInput } from './agent-settings.ts';
import { ensureFolder, readIfThere, writeFileAtomic } from '../../machine/atomic-file.ts';
import { currentProgramVersion } from './program-version.ts';
import { ZoneFolders } from '../zone/zone-folders.ts';
import { ANOTHER_RUNS, lockHolder } from '../zone/zone-lock.ts';

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** Whether an agent of this zone lives, judged by its lock (also while it does not answer yet). */
export function agentIsRunning(folders: Folders, zone: string): boolean {
  return lockHolder(new ZoneFolders(folders, zone).lock) !== undefined;
}

/**
 * Makes sure that the zone's agent runs, from this code and with these settings, and returns when it
 * answers. An agent of other code or another network is stopped first; other settings are put to it.
 * It outlives the caller and keeps none of its files open.
 * @throws {CodedError} AGENT_START_FAILED with the last lines of its log
 */
export async function startAgent(
  folders: Folders,
  given: AgentSettingsInput,
): Promise<AgentClient> {
  const settings = agentSettingsSchema.parse(given);
  const client = new AgentClient(folders, settings.zone);
  const running = await client.statusIfRunning();
  if (running?.stopping === true) {
    await client.waitUntilGone(running);
  } else if (running !== undefined) {
    if (
      running.network === settings.network &&
      running.programVersion === currentProgramVersion()
    ) {
      await client.putSettings(settings);
      return client;
    }
    await client.stop();
  }
  await launch(folders, settings, client);
  return client;
}

/**
 * Stops the zone's agent if one runs, and removes what it keeps in the state folder. The data of
 * processes stay unless the processes were deleted first.
 */
export async function removeZone(folders: Folders, zone: string): Promise<void> {
  const client = new AgentClient(folders, zone);
  if ((await client.statusIfRunning()) !== undefined) {
    await client.stop();
  }
  await rm(zoneFolder(folders, zone), { recursive: true, force: true });
  await rm(agentSocket(folders, zone), { force: true });
  await rm(new ZoneFolders(folders, zone).targets, { force: true });
}

async function launch(
  folders: Folders,
  settings: AgentSettings,
  client: AgentClient,
): Promise<void> {
  const zone = new ZoneFolders(folders, settings.zone);
  await ensureFolder(zone.root);
  await ensureFolder(folders.runtime);
  await writeFileAtomic(zone.settings, `${JSON.stringify(settings, undefined, 2)}\n`);
  const child = spawnDetached(folders, settings.zone, zone.agentLog);
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code, signal) => {
    // Another caller's agent has the lock, and is about to answer.
    if (code !== ANOTHER_RUNS) failure = `it ended with ${signal ?? code ?? 'nothing'}`;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const status = await client.statusIfRunning();
    if (status?.stopping === false) {
      if (status.pid !== child.pid) {
        // Another caller's agent has won the lock and is as good; ours must not come up after that
        // one has been stopped.
        child.kill('SIGKILL');
      }
      return;
    }
    if (failure !== undefined || Date.now() >= deadline) {
      child.kill('SIGKILL');
      throw await startFailure(zone, settings.zone, failure ?? 'it does not answer');
    }
    await delay(POLL_MS);
  }
}

function spawnDetached(folders: Folders, zone: string, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '..', 'main.ts'), zone],
      {
        // Its own session: neither the terminal's signals nor the caller's end reach it.
        detached: true,
        stdio: ['ignore', log, log],
        cwd: '/',
        env: {
          PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
          LANG: 'C.UTF-8',
          ...compileCache(),
          ...foldersEnvironment(folders),
        },
      },
    );
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

async function startFailure(zone: ZoneFolders, name: string, reason: string): Promise<CodedError> {
  const lines = ((await readIfThere(zone.agentLog)) ?? '').trimEnd().split('\n').slice(-10);
  return new CodedError(
    'AGENT_START_FAILED',
    [
      `Zone '${name}': its agent did not start: ${reason}; its log is ${zone.agentLog} and ends:`,
      ...lines.map((line) => `  ${line}`),
    ].join('\n'),
  );
}
