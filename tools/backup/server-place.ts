import path from 'node:path';
import {
  ARCHIVED_LOG,
  ARCHIVE_FOLDER,
  BASE_BACKUPS,
} from '@meridian/components/postgres/postgres-archive.ts';
import { expandPlaceholders, placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { PostgresServer } from '@meridian/provider-local/postgres/identifiers.ts';
import { checkSettings, localStackSettings } from '../meridian/kept-settings.ts';

/** Where PostgreSQL of this machine's platform is, whether it runs or not, and what it leaves outside. */
export interface ServerPlace {
  readonly folders: Folders;
  readonly server: PostgresServer;
  /** Its data. */
  readonly cluster: string;
  /** All that is outside of its own folder. */
  readonly archive: string;
  /** Files of its log of changes. */
  readonly log: string;
  /** Copies of its data, and a file about each. */
  readonly copies: string;
}

/** A moment as part of a file's name, such as '20261128T133000Z'. */
export function nameOfMoment(time: Date): string {
  return time.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

/**
 * As the settings of this machine have it.
 *
 * @throws {CodedError} SETTINGS_INVALID
 */
export async function serverPlace(folders: Folders): Promise<ServerPlace> {
  const { postgres } = await checkSettings(localStackSettings(folders));
  const { zone, process, listen } = postgres;
  const placeholders = placeholdersOf(folders, zone, process.name);
  const archive = expandPlaceholders(ARCHIVE_FOLDER, placeholders);
  return {
    folders,
    server: { zone, process: process.name, port: listen.port },
    cluster: path.join(placeholders.data, 'cluster'),
    archive,
    log: path.join(archive, ARCHIVED_LOG),
    copies: path.join(archive, BASE_BACKUPS),
  };
}
