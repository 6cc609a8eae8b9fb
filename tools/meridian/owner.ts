import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PlatformError } from '@meridian/components/model/platform-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { runningZones } from './zones.ts';

/** The clone that the running program came from: the system account may run a copy of it. */
function thisClone(folders: Folders): string {
  return process.env['MERIDIAN_CLONE'] ?? folders.program;
}

/**
 * Claims the user's one local platform for this clone. A stopped platform may change hands, with
 * its data; a running one may not.
 *
 * @throws {PlatformError} PLATFORM_FOREIGN naming the clone that runs
 */
export function claim(folders: Folders): void {
  const file = path.join(folders.state, 'owner.json');
  const clone = thisClone(folders);
  const owner = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { clone: string }).clone
    : undefined;
  if (owner === clone) return;
  if (owner !== undefined && runningZones(folders).length > 0) {
    throw new PlatformError(
      'PLATFORM_FOREIGN',
      `Platform '${path.basename(folders.state)}': is running from ${owner}, and a user has one; run 'npm stop' there first (this clone is ${clone}).`,
    );
  }
  writeFileSync(file, JSON.stringify({ clone }), { mode: 0o600 });
}
