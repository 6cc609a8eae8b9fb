import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { readFolders } from '../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { systemTrouble } from '../machine/system-trouble.ts';
import { agentSettingsSchema } from './start/agent-settings.ts';
import { serveApi } from './api/serve-api.ts';
import { ensureFolder } from '../machine/atomic-file.ts';
import { Zone } from './zone/zone.ts';
import { ZoneFolders } from './zone/zone-folders.ts';
import { ANOTHER_RUNS, takeZoneLock } from './zone/zone-lock.ts';

/** Timers stand still while the machine sleeps; looking so often finds what is due right after. */
const CHECK_INTERVAL_MS = 1000;

/**
 * The agent of one zone: `node main.ts <zone>`, with the folders in the environment and the settings
 * in the zone's agent.json. It ends on SIGTERM or SIGINT after stopping its processes; a second signal
 * kills them.
 */
async function main(zoneName: string): Promise<void> {
  process.umask(0o077);
  requireSetpriv();
  const folders = new ZoneFolders(readFolders(process.env), zoneName);
  const settings = agentSettingsSchema.parse(JSON.parse(await readFile(folders.settings, 'utf8')));
  const isLockHeld = takeZoneLock(folders.lock, zoneName);
  await ensureFolder(folders.runtime);
  const zone = await Zone.open(folders, settings);
  const { promise: stopped, resolve: reportStopped } = Promise.withResolvers<undefined>();
  const stop = async (force: boolean) => {
    clearInterval(checks);
    await zone.stop({ force });
    reportStopped(undefined);
  };
  const checks = startChecks(zone, () => {
    if (!isLockHeld()) {
      say(`the folder ${folders.root} is gone: stopping`);
      void stop(false);
    }
  });
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void stop(signals++ > 0));
  }
  const server = await serveApi(folders.socket, zone, stop);
  say(`agent of zone '${zoneName}' runs, pid ${process.pid}`);
  await stopped;
  await close(server);
  say(`agent of zone '${zoneName}' ended`);
}

function startChecks(zone: Zone, check: () => void): NodeJS.Timeout {
  return setInterval(() => {
    check();
    zone.renewDue();
    void zone.tellTargets();
  }, CHECK_INTERVAL_MS);
}

/** Lets answers that are under way go out; removes the socket. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    setTimeout(() => server.closeAllConnections(), 1000).unref();
  });
}

function requireSetpriv(): void {
  if (spawnSync('setpriv', ['--version']).status !== 0) {
    throw new CodedError(
      'SETPRIV_MISSING',
      `Agent: the command 'setpriv' is not on the PATH (${process.env['PATH'] ?? ''}); install util-linux`,
    );
  }
}

function say(message: string): void {
  console.log(`${new Date().toISOString()} ${message}`);
}

try {
  await main(process.argv[2] ?? '');
  process.exit(0);
} catch (thrown) {
  const trouble = systemTrouble(thrown) ?? thrown;
  console.error(trouble instanceof CodedError ? messageOf(trouble) : trouble);
  const isTaken = trouble instanceof CodedError && trouble.code === 'ZONE_LOCKED';
  process.exit(isTaken ? ANOTHER_RUNS : 1);
}
