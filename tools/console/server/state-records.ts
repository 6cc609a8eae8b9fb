import type { Folders } from '@meridian/provider-local/folders.ts';
import { lastDrills } from '../../drill/last-drills.ts';
import { BuildRecord } from '../../meridian/telemetry/build-record.ts';
import { progressText } from '../../meridian/telemetry/progress-text.ts';
import type { AlertRecords } from '../views/alert-sight.ts';

/** What drills and builds have written down of themselves on this machine; read again each time. */
export function stateRecords(
  folders: Pick<Folders, 'state' | 'cache'>,
  now: () => number = Date.now,
): AlertRecords {
  const record = new BuildRecord(folders);
  return {
    drills: async () =>
      (await lastDrills(folders)).map(({ alert, about, fault, at, outcome }) => ({
        ...{ alert, service: about, fault, outcome, atMs: Date.parse(at) },
      })),
    build: async () => {
      const known = await record.read();
      if (known === undefined || known.progress.phase === 'built') return null;
      const { progress, builder } = known;
      if (progress.phase === 'failed') return failed(progress.problem);
      if (builder === undefined) return failed('its process was ended from outside');
      return { words: progressText(progress, now()), isOver: false };
    },
  };
}

function failed(problem: string) {
  return { words: `the last build failed: ${problem}`, isOver: true };
}
