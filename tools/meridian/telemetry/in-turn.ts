import { setTimeout as delay } from 'node:timers/promises';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { BuildRecord } from './build-record.ts';

const RETRY_MS = 200;

/**
 * Takes or looks at the stack's lock. Telemetry that joins holds it without anybody having asked for that now, so it
 * is waited for; any other holder is refused as ever.
 *
 * @throws {Error} LOCK_HELD
 */
export async function inTurn<Taken>(folders: Folders, take: () => Taken): Promise<Taken> {
  for (let told = false; ; told = true) {
    try {
      return take();
    } catch (error) {
      if (!isSystemError(error, 'LOCK_HELD') || !(await isJoining(folders))) throw error;
    }
    if (!told) process.stderr.write('meridian: Telemetry is just joining; waiting for that …\n');
    await delay(RETRY_MS);
  }
}

async function isJoining(folders: Folders): Promise<boolean> {
  const build = await new BuildRecord(folders).read();
  return build?.builder !== undefined && build.progress.phase === 'joining';
}
