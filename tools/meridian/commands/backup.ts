import { takeBaseBackup } from '../../backup/base-backup.ts';
import { serverPlace } from '../../backup/server-place.ts';
import { printJson } from '../output/print-json.ts';
import { withPlatform } from '../session.ts';

/** Options of `meridian backup`. */
export interface BackupOptions {
  readonly json?: boolean;
}

/** Copies PostgreSQL's data while it runs, so that any moment from then on can be restored. */
export async function backup({ json = false }: BackupOptions): Promise<number> {
  return await withPlatform("'npm run backup'", {}, async (folders) => {
    const place = await serverPlace(folders);
    const began = performance.now();
    const { name, completedAt, bytes } = await takeBaseBackup(place);
    const seconds = (performance.now() - began) / 1_000;
    if (json) printJson<'backup'>({ name, completedAt, bytes, seconds });
    else {
      const mebibytes = Math.ceil(bytes / 2 ** 20);
      process.stdout.write(
        `Copied PostgreSQL's data (${mebibytes} MiB in ${seconds.toFixed(1)} s) to ${place.copies}/${name}. Any moment from ${completedAt} on can be restored: 'npm stop', then 'npm run restore'.\n`,
      );
    }
    return 0;
  });
}
