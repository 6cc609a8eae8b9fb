import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Names the environment variable with the folder of this run of jest, which suites share and nobody else has. */
export const RUN_FOLDER = 'MERIDIAN_TEST_RUN';

/** Makes the folder, and tells the suites where it is. */
export function openRunFolder(): void {
  process.env[RUN_FOLDER] = mkdtempSync(path.join(tmpdir(), 'mrun-'));
}

/** Removes it with all that suites left for each other. */
export function removeRunFolder(): void {
  const folder = process.env[RUN_FOLDER];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
