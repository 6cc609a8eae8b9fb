import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEM_FOLDER = '/usr/lib/postgresql';

/** The folder of `postgres` and `initdb`: `MERIDIAN_POSTGRES_BIN`, else the newest of the system. */
export function postgresBinaries(): string {
  const given = process.env['MERIDIAN_POSTGRES_BIN'];
  if (given !== undefined) {
    return given;
  }
  const [newest] = (existsSync(SYSTEM_FOLDER) ? readdirSync(SYSTEM_FOLDER) : [])
    .map(Number)
    .filter((version) => existsSync(join(SYSTEM_FOLDER, String(version), 'bin', 'postgres')))
    .sort((left, right) => right - left);
  if (newest === undefined) {
    throw new Error(
      `No PostgreSQL in ${SYSTEM_FOLDER}: set MERIDIAN_POSTGRES_BIN to its bin folder`,
    );
  }
  return join(SYSTEM_FOLDER, String(newest), 'bin');
}
