import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { z } from 'zod';
import { restoreCluster } from '../../backup/restore-cluster.ts';
import type { Restored } from '../../backup/restore-cluster.ts';
import { serverPlace } from '../../backup/server-place.ts';
import { installEngines } from '../installation.ts';
import { livingAgents } from '../living-agents.ts';
import { printJson } from '../output/print-json.ts';
import { withPlatform } from '../session.ts';

/** Options of `meridian restore`. */
export interface RestoreOptions {
  /** A moment, as RFC 3339. @default the last transaction */
  readonly to?: string;
  readonly json?: boolean;
}

/**
 * Makes PostgreSQL's data again from a copy and the log since, while the platform is stopped.
 *
 * @throws {CodedError} RESTORE_PLATFORM_RUNS, RESTORE_TIME_INVALID, BACKUP_NONE, RESTORE_FAILED
 */
export async function restore({ to, json = false }: RestoreOptions): Promise<number> {
  if (to !== undefined) checkTime(to);
  return await withPlatform("'npm run restore'", {}, async (folders) => {
    refuseRunning(folders);
    await installEngines({ quiet: true, only: ['PostgreSQL'] });
    const began = performance.now();
    const restored = await restoreCluster(await serverPlace(folders), to);
    const seconds = (performance.now() - began) / 1_000;
    if (json) printJson<'restore'>(factsOf(restored, seconds));
    else process.stdout.write(`${textOf(restored, seconds, to)}\n`);
    return 0;
  });
}

function checkTime(to: string): void {
  if (z.iso.datetime({ offset: true }).safeParse(to).success) return;
  throw new CodedError(
    'RESTORE_TIME_INVALID',
    `Option '--to': must be a moment with its zone, such as 2026-11-28T13:30:00Z, got '${to}'`,
  );
}

function refuseRunning(folders: Folders): void {
  const zones = livingAgents(folders).map(({ zone }) => zone);
  if (zones.length === 0) return;
  throw new CodedError(
    'RESTORE_PLATFORM_RUNS',
    `Command 'restore': the platform must be stopped, as nobody may write meanwhile, got one that runs (${zones.toSorted().join(', ')}); 'npm stop' first`,
  );
}

function factsOf({ copy, lastTransaction, firstFile, kept }: Restored, seconds: number) {
  // The first eight digits of a file of the log are its timeline.
  const timeline = Number.parseInt(firstFile.slice(0, 8), 16);
  return { copy, lastTransaction, timeline, ...(kept === undefined ? {} : { kept }), seconds };
}

function textOf(
  { copy, lastTransaction, kept }: Restored,
  seconds: number,
  to: string | undefined,
): string {
  const end = lastTransaction ?? `that of the copy, ${copy.completedAt}`;
  return [
    `Restored PostgreSQL in ${seconds.toFixed(1)} s, from the copy ${copy.name}; the last transaction is ${end}.`,
    ...(kept === undefined ? [] : [`What was there before is in ${kept}, until you remove it.`]),
    ...(to === undefined
      ? ["'npm start' goes on with it."]
      : [
          "Then: 'npm run refresh', 'npm start', and what docs/runbooks/restore.md says comes after: the audit log will have stopped, and the index of products is to be rebuilt.",
        ]),
  ].join('\n');
}
