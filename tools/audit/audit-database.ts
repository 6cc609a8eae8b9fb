import { CodedError } from '@meridian/language/coded-error.ts';
import { withAdmin } from '@meridian/provider-local/postgres/admin-connection.ts';
import type pg from 'pg';
import { localFolders } from '../meridian/places.ts';
import { zoneStatuses } from '../meridian/zones.ts';

const DATABASE = 'audit';
const SERVER = 'postgres';

/** Runs work on a connection of its own. */
export type WithClient = <T>(work: (client: pg.Client) => Promise<T>) => Promise<T>;

/**
 * The database of the audit service on this machine, as its server's superuser.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING
 */
export async function auditDatabase(): Promise<WithClient> {
  const folders = localFolders();
  const [server] = (await zoneStatuses(folders)).flatMap(({ zone, status }) =>
    (status?.processes ?? [])
      .filter(({ name }) => name === SERVER)
      .map(({ name, listens }) => ({ zone, process: name, port: listens[0]?.port ?? 0 })),
  );
  if (server === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      "Audit database: PostgreSQL must run in a zone, got none; bring the platform up with 'npm start' first.",
    );
  }
  return (work) => withAdmin({ folders, server, database: DATABASE }, work);
}
