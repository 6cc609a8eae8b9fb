import path from 'node:path';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { readUnlessTorn, writeFileAtomic } from '@meridian/provider-local/machine/atomic-file.ts';
import { z } from 'zod';
import { FAULT_NAMES } from './fault.ts';

const lastDrill = z.object({
  alert: z.string(),
  about: z.string(),
  fault: z.enum(FAULT_NAMES),
  at: z.iso.datetime(),
  outcome: z.enum(['passed', 'failed']),
});

/** The last drill of an alert. */
export type LastDrill = Readonly<z.infer<typeof lastDrill>>;

const file = z.object({ drills: z.array(lastDrill) });

/** Where the last drill of each alert is kept, in the state folder. */
export const DRILLS_FILE = 'drills.json';

/** The last drill of each alert; none where the file is torn or not there. */
export async function lastDrills({ state }: Pick<Folders, 'state'>): Promise<readonly LastDrill[]> {
  const read = await readUnlessTorn(
    path.join(state, DRILLS_FILE),
    (text) => Promise.resolve(file.parse(JSON.parse(text)).drills),
    () => undefined,
  );
  return read ?? [];
}

/** Keeps a drill in the place of the one before of the same alert. */
export async function keepDrill(folders: Folders, drill: LastDrill): Promise<void> {
  const others = (await lastDrills(folders)).filter(
    ({ alert, about }) => alert !== drill.alert || about !== drill.about,
  );
  const text = JSON.stringify({ drills: [...others, drill] }, undefined, 2);
  await writeFileAtomic(path.join(folders.state, DRILLS_FILE), `${text}\n`);
}
