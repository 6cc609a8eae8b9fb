import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError, messageOf } from '@meridian/language/thrown.ts';
import { fullDiskBehind, systemTrouble } from '@meridian/provider-local/machine/system-trouble.ts';
import { acquire } from '../../bootstrap/process-lock.mjs';
import { installEngines } from '../installation.ts';
import { sourcesDigest } from '../last-start.ts';
import { programFolder } from '../places.ts';
import { reportError } from '../report-error.ts';
import { BuildRecord } from './build-record.ts';
import { foldersOfBuild } from './folders-of-build.ts';
import { join } from './join.ts';

const RETRY_MS = 1_000;

const folders = foldersOfBuild();
const record = new BuildRecord(folders);
const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());

/** Builds what is missing; another installation of the same engines, for another platform say, goes first. */
async function build(): Promise<void> {
  const since = Date.now();
  for (;;) {
    try {
      await installEngines({
        ...{ quiet: false, only: [], telemetry: true },
        onStep: ({ title, position, count }) =>
          record.write({ phase: 'building', engine: title, position, count, since: Date.now() }),
      });
      return;
    } catch (error) {
      if (!isSystemError(error, 'LOCK_HELD')) throw error;
      await record.write({ phase: 'waiting', behind: 'another installation of them', since });
    }
    await delay(RETRY_MS, undefined, { signal: abort.signal });
  }
}

/** Why a build failed, in one line: what fills the disk says so in its own words. */
function problemOf(error: unknown): string {
  const words = messageOf(error).split('\n');
  const known = fullDiskBehind([folders.cache], words, error) ?? systemTrouble(error) ?? error;
  const [first = ''] = messageOf(known).split('\n');
  return known instanceof CodedError ? `${first} [${known.code}]` : first;
}

try {
  const release = acquire(record.lock, 'the build of telemetry');
  try {
    const sources = sourcesDigest({ program: programFolder });
    await build();
    await join(record, { folders, sources, signal: abort.signal });
  } catch (error) {
    process.exitCode = reportError(error);
    // Whoever ended it knows, and a start begins again; the process says by its end that it is over.
    await (abort.signal.aborted
      ? record.remove()
      : record.write({ phase: 'failed', problem: problemOf(error) }));
  } finally {
    release();
  }
} catch (error) {
  // Two starts at once: one build is enough.
  if (!isSystemError(error, 'LOCK_HELD')) throw error;
}
